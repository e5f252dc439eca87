import { execa } from 'execa'
import { androidErrors } from '../errors.js'

/** A client of the Android Debug Bridge. */
export interface AdbProgram {
  readonly path: string
  /** Of its protocol: 41 of `1.0.41`. A server of another version would be killed by it. */
  readonly version: number
}

/** The first with `shell -T` and commands that say their status. */
const oldest = 36
const limitMs = 10_000

/** Set to nothing: phones are left alone, e.g. where a server of adb must not be started. */
export const adbSwitchedOff = (): boolean => process.env['MNAS_ADB'] === ''

/** @param wish a path; default: MNAS_ADB, else `adb` of the path. @throws MNAS_ADB_MISSING */
export async function findAdb(wish?: string): Promise<AdbProgram> {
  const path = wish ?? (process.env['MNAS_ADB'] || 'adb')
  const { stdout, stderr, code, failed } = await execa(path, ['version'], { reject: false, timeout: limitMs, stdin: 'ignore' })
  const expected = `version 1.0.${oldest} or later`
  if (failed) throw androidErrors.MNAS_ADB_MISSING({ adb: path, expected, received: failure(code, stderr) })
  const text = /Android Debug Bridge version 1\.0\.(\d+)/.exec(stdout)?.[1]
  const version = Number(text ?? 0)
  if (version >= oldest) return { path, version }
  throw androidErrors.MNAS_ADB_MISSING({ adb: path, expected, received: text ? `version 1.0.${text}` : 'another program' })
}

function failure(code: string | undefined, stderr: string): string {
  if (code === 'ENOENT') return 'no such program'
  return stderr.trim().split('\n').at(-1) || code || 'an error without words'
}
