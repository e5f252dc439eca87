import { tmpdir } from 'node:os'
import { coreErrors, didYouMean, isMnasError, type MnasError } from '../errors/index.js'
import { reasonOf } from '../files/index.js'
import { cliErrors } from './errors.js'

/** The parts of oclif's own errors that matter here; duck-typed, since several copies of oclif may be loaded. */
interface OclifError {
  readonly code?: string
  readonly message: string
  readonly flags?: readonly unknown[]
  readonly oclif?: { readonly exit?: number }
  readonly parse?: { readonly input?: { readonly flags?: Readonly<Record<string, unknown>> } }
}

/** oclif's way of ending a command with a status and without a message (`this.exit(0)`, `--help`). */
export function isExit(error: unknown): boolean {
  return (error as OclifError | null)?.code === 'EEXIT'
}

/** A disk that takes nothing more is no defect, wherever it shows: what is written for users says so itself, temporary files do not. */
const diskIsFull: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS'])

/**
 * Any error that ends a command, as one of ours: oclif's parse errors become MNAS_USAGE in one line, those of a full disk MNAS_FILE_WRITE, anything
 * else unknown is MNAS_INTERNAL (its cause keeps the stack).
 * @param command as the user typed it, e.g. `mnas arch show`
 */
export function toCliError(error: unknown, command: string): MnasError {
  if (isMnasError(error)) return unwrapped(error)
  const { message, oclif, parse, flags } = (error ?? {}) as OclifError
  if (oclif?.exit !== undefined) {
    const what = oneLine(ofParser(message))
    const near = what.startsWith('Nonexistent flag') ? nearFlag(flags, parse) : ''
    return cliErrors.MNAS_USAGE({ what: `${what}${near}`, help: `${command} --help` }, error)
  }
  const { code, path = tmpdir() } = (error ?? {}) as NodeJS.ErrnoException
  if (diskIsFull.has(code)) return coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(error) }, error)
  return coreErrors.MNAS_INTERNAL({ what: oneLine(error instanceof Error ? error.message : String(error)) }, error)
}

/** oclif's parser puts a flag's name and a hint around the message of what a flag's own parser threw: ours is one line again. */
function unwrapped(error: MnasError): MnasError {
  const message = ofParser(error.message)
  if (message !== error.message) error.message = oneLine(message)
  return error
}

/** `Parsing --time \n\tWrong duration.\nSee more help with --help` → `--time: Wrong duration.` */
function ofParser(message: string): string {
  return message.replace(/\n?See more help with --help\s*$/, '').replace(/^Parsing (--\S+)\s+/, '$1: ')
}

/** `. Did you mean "--origin"?`, or nothing when no flag is near. */
function nearFlag(flags: OclifError['flags'], parse: OclifError['parse']): string {
  const wrong = flags?.[0]
  if (typeof wrong !== 'string') return ''
  const known = Object.keys(parse?.input?.flags ?? {}).map((name) => `--${name}`)
  const hint = didYouMean(wrong, known)
  return hint.startsWith(' Did') ? `.${hint}` : ''
}

/** A list of lines as one sentence part: `Missing 1 required arg: model  an architecture…` */
function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\s{2,}/g, ' '))
    .filter((line) => line !== '')
    .join(' ')
}
