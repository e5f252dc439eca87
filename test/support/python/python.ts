import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * A Python with the packages of bench/requirements.txt, or null: then say that the test is skipped.
 * @throws where CI is set: there it must be present (.ci/python makes it)
 */
export function testPython(): string | null {
  const python = process.env['MNAS_PYTHON']
  if (python) return python
  if (process.env['CI']) throw new Error('MNAS_PYTHON is not set: export MNAS_PYTHON="$(.ci/python)"')
  return null
}

/** Runs a script of this repository, named from its root. Rejects with what it wrote to stderr. */
export async function runPython(python: string, script: string, args: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(`../../../${script}`, import.meta.url))
  const { stdout } = await promisify(execFile)(python, [path, ...args], { maxBuffer: 64 * 2 ** 20 })
  return stdout
}
