import { run, settings } from '@oclif/core'
import { printWarningsInOneLine } from './print-warning.js'
import { outliveReaders, written } from './standard-streams.js'

/**
 * The whole program: runs the command that `argv` names and ends the process with its documented exit code. Errors are one line on stderr;
 * with `--json` the command's own answer on stdout is the error (MnasCommand), and where no command was reached it is printed here.
 * @param dir import.meta.url of the bin file
 */
export async function runCli(dir: string, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  // Without this oclif looks for TypeScript sources through the workspace links.
  settings.enableAutoTranspile = false
  printWarningsInOneLine()
  outliveReaders()
  try {
    await run([...argv], dir)
    await written(process.stdout)
  } catch (error) {
    process.exitCode = await report(error, argv)
  }
  // A failed command may leave children and timers behind that would keep the process alive.
  if (process.exitCode) process.exit()
}

async function report(error: unknown, argv: readonly string[]): Promise<number> {
  const { formatError, isExit, toCliError } = await import('../program/index.js')
  if (isExit(error)) return (error as { oclif?: { exit?: number } }).oclif?.exit ?? 0
  const known = toCliError(error, ['mnas', ...commandWords(argv)].join(' '))
  if (wantsJson(argv)) process.stdout.write(`${JSON.stringify({ version: 1, error: known.toRecord() }, null, 2)}\n`)
  else {
    const color = process.stderr.isTTY === true && !process.env['NO_COLOR']
    process.stderr.write(`${formatError(known, { color, debug: Boolean(process.env['DEBUG']) })}\n`)
  }
  return known.exitCode
}

/** The words before the first flag, at most a topic and a command. */
function commandWords(argv: readonly string[]): readonly string[] {
  const index = argv.findIndex((word) => word.startsWith('-'))
  return argv.slice(0, Math.min(2, index === -1 ? argv.length : index))
}

function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).includes('--json')
}
