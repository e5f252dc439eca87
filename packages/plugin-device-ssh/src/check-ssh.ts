import type { Check, DeviceContext } from '@mnas/core/contracts'
import { execa } from 'execa'

const name = 'device ssh'
const limitMs = 10_000

/** Whether boards can be reached at all. No board is asked. */
export async function checkSsh(_context: DeviceContext): Promise<readonly Check[]> {
  const { stderr, failed } = await execa('ssh', ['-V'], { reject: false, timeout: limitMs, stdin: 'ignore' })
  if (!failed) return [{ name, status: 'ok', detail: stderr.trim() }]
  const fix = "to time models on a board, install OpenSSH's client"
  return [{ name, status: 'hint', detail: 'no ssh: boards cannot be reached', fix }]
}
