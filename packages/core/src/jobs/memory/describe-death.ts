import type { MnasError } from '../../errors/index.js'
import { trainingErrors } from '../../training/errors.js'
import { allocationFailureIn, bytesWanted, type MemoryFacts, outOfMemoryError } from './out-of-memory.js'

/** How a training process ended that told no result. */
export interface Death {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The end of what it wrote. */
  readonly stderr: string
  /** It was stopped for its silence. */
  readonly silent: boolean
  /** The system's count of processes killed for want of memory rose meanwhile; null where nobody counts. */
  readonly systemKilled: boolean | null
  readonly facts: MemoryFacts
  /** As the order had it. */
  readonly lessMemory?: string | undefined
}

/** MNAS_TRAIN_MEMORY when that is what it died of, else MNAS_TRAIN_WORKER_LOST. */
export function describeDeath(death: Death): MnasError {
  const cause = memoryCause(death)
  return cause === null
    ? trainingErrors.MNAS_TRAIN_WORKER_LOST({ cause: describeEnd(death) })
    : outOfMemoryError(death.facts, cause, death.lessMemory)
}

function memoryCause(death: Death): string | null {
  const { signal, code, stderr, silent, systemKilled, facts } = death
  if (silent) return null
  const said = allocationFailureIn(stderr)
  if (said !== null) return said
  const wanted = bytesWanted(facts)
  const tooMuch = wanted !== null && wanted > facts.room.bytes
  if (signal === 'SIGKILL') return (systemKilled ?? tooMuch) ? 'killed by the system' : null
  // Libraries that do not look at what malloc gives them crash.
  return tooMuch && (signal !== null || code !== 0) ? describeEnd(death) : null
}

function describeEnd({ code, signal, stderr, silent }: Death): string {
  if (silent) return 'it gave no sign of life and was stopped'
  if (signal) return signal === 'SIGKILL' ? 'killed by SIGKILL' : `ended by ${signal}`
  const lastLine = stderr.trim().split('\n').at(-1)
  return lastLine ? `exit code ${code}: ${lastLine}` : `exit code ${code}`
}
