import { lstat, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect } from 'vitest'
import { type MnasOptions, mnas } from '../support/mnas.js'

export interface Failure {
  readonly code: string
  /** docs/errors.md */
  readonly exit: number
  /** What the message says: what was wrong, or the fix. */
  readonly says: RegExp
}

/**
 * Every file and folder below a folder with its size: what must be the same after a command that failed. Without the two that SQLite puts
 * beside a database while it looks at it.
 */
export async function listing(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const entries = found.filter(({ name }) => !/\.db-(wal|shm)$/.test(name))
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    return `${relative(folder, path)} ${entry.isFile() ? (await lstat(path)).size : ''}`
  })
  return (await Promise.all(lines)).sort()
}

type Options = MnasOptions & { readonly cwd: string }

/** Runs a command that must fail and expects one line with code and fix, the exit status, and nothing new in the folder. */
export async function expectFailure(args: readonly string[], failure: Failure, options: Options): Promise<void> {
  const before = await listing(options.cwd)
  expectLine(await mnas(args, options), failure)
  expect(await listing(options.cwd)).toEqual(before)
}

/** The same with --json: the error is the answer. */
export async function expectJsonFailure(args: readonly string[], failure: Failure, options: Options): Promise<void> {
  const before = await listing(options.cwd)
  const result = await mnas([...args, '--json'], options)
  const error = { code: failure.code, message: expect.stringMatching(failure.says), exitCode: failure.exit }
  expect(result.json()).toEqual({ version: 1, error })
  expect(result.exitCode).toBe(failure.exit)
  expect(await listing(options.cwd)).toEqual(before)
}

/** One line, `✗ CODE: what happened. … what to do.`, the last of stderr. */
export function expectLine(
  { stdout, stderr, exitCode }: { readonly stdout: string; readonly stderr: string; readonly exitCode: number | null },
  { code, exit, says }: Failure,
): void {
  const last = stderr.trimEnd().split('\n').at(-1) ?? ''
  expect(last, stderr).toMatch(new RegExp(`^✗ ${code}: .+\\S$`))
  expect(last).toMatch(says)
  expect({ stdout, exitCode }, stderr).toEqual({ stdout: '', exitCode: exit })
}
