import { sshErrors } from '../errors.js'
import type { BoardFacts } from './board-facts.js'

const architectures: Readonly<Record<string, string>> = { x86_64: 'linux-x64', aarch64: 'linux-arm64', arm64: 'linux-arm64' }
/** Of the wheel that the library comes in, and of our driver. */
const oldest = { glibc: [2, 27], python: [3, 7] } as const

/** What LiteRT's library is called for this board: `linux-arm64`. @throws MNAS_SSH_SYSTEM with all that was found */
export function requirePlatform(device: string, facts: BoardFacts): string {
  const { system, machine, bits, glibc, python } = facts
  const platform = system === 'Linux' && bits !== 32 ? architectures[machine] : undefined
  if (platform && isAtLeast(glibc, oldest.glibc) && isAtLeast(python, oldest.python)) return platform
  const found = [
    `${system} on ${machine}${bits === null ? '' : ` with ${bits} bits`}`,
    glibc ? `glibc ${glibc}` : 'no glibc',
    python ? `python ${python}` : 'no python3',
  ]
  const advice = platform
    ? 'Bring the board up to date, or give a benchmark_model for it'
    : 'Only a benchmark_model works there; give one for its processor'
  throw sshErrors.MNAS_SSH_SYSTEM({ device, received: found.join(', '), advice })
}

/** By major and minor number. */
function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const numbers = /^(\d+)\.(\d+)/.exec(version)
  if (!numbers) return false
  const [a, b] = [Number(numbers[1]), Number(numbers[2])]
  return a > major || (a === major && b >= minor)
}
