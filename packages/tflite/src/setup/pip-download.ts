import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tfliteErrors } from '../errors.js'
import { liteRtRequirement } from './litert-release.js'

const run = promisify(execFile)

/** Names under which Python is called, tried in this order. */
export const pythonNames: readonly string[] = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']
/** The wheels for every Python hold the same library; a Python too new or too old asks for this one's. */
const fallbackPython = '3.12'
const limitMs = 10 * 60_000

const pipArguments = [
  ...['-m', 'pip', '--disable-pip-version-check', '--no-input', 'download', '--no-deps', '--only-binary=:all:', '--quiet'],
] as const

export const pipCommand = `${pythonNames[0]} -m pip download --no-deps --only-binary=:all: ${liteRtRequirement}`

/**
 * Downloads the wheel for this platform into a folder. @returns its path
 * @throws MNAS_LITERT_PYTHON, MNAS_LITERT_DOWNLOAD
 */
export async function downloadWheel(folder: string, pythons: readonly string[] = pythonNames): Promise<string> {
  const python = await findPython(pythons)
  try {
    await download(python, folder, [])
  } catch (error) {
    if (!noMatch.test(stderrOf(error))) throw downloadError(error)
    await download(python, folder, ['--python-version', fallbackPython]).catch((second) => {
      throw downloadError(second)
    })
  }
  return wheelIn(folder)
}

/** The same for another platform. @param tag its name for pip: `manylinux_2_27_aarch64` */
export async function downloadWheelFor(tag: string, folder: string, pythons: readonly string[] = pythonNames): Promise<string> {
  const python = await findPython(pythons)
  await download(python, folder, ['--platform', tag, '--python-version', fallbackPython]).catch((error) => {
    throw downloadError(error)
  })
  return wheelIn(folder)
}

async function wheelIn(folder: string): Promise<string> {
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  if (wheel) return join(folder, wheel)
  throw tfliteErrors.MNAS_LITERT_DOWNLOAD({ requirement: liteRtRequirement, cause: 'pip left no wheel' })
}

const noMatch = /no matching distribution|could not find a version/i

async function download(python: string, folder: string, extra: readonly string[]): Promise<void> {
  await run(python, [...pipArguments, '--dest', folder, ...extra, liteRtRequirement], { timeout: limitMs })
}

async function findPython(names: readonly string[]): Promise<string> {
  const failures: string[] = []
  for (const name of names) {
    try {
      await run(name, ['-m', 'pip', '--version'], { timeout: 60_000 })
      return name
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      failures.push(missing ? `no "${name}"` : `"${name}" says: ${lastLine(stderrOf(error))}`)
    }
  }
  throw tfliteErrors.MNAS_LITERT_PYTHON({ received: failures.join(', ') })
}

function downloadError(error: unknown): Error {
  return tfliteErrors.MNAS_LITERT_DOWNLOAD({ requirement: liteRtRequirement, cause: lastLine(stderrOf(error)) }, error)
}

const stderrOf = (error: unknown): string => {
  const { stderr, message } = error as { readonly stderr?: string; readonly message?: string }
  return stderr || message || String(error)
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)!.trim()
