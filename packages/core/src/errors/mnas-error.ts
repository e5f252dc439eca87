/** What a command exits with. Documented in docs/errors.md. */
export const exitCodes = {
  internal: 1,
  usage: 2,
  invalid: 3,
  plugin: 4,
  device: 5,
  training: 6,
  data: 7,
  constraint: 8,
  files: 9,
  outputs: 10,
  accuracy: 11,
  latency: 12,
  signature: 13,
  interrupted: 130,
} as const
export type ExitKind = keyof typeof exitCodes

/** An error as it stands in events, run stores and `--json` answers. */
export interface MnasErrorRecord {
  readonly code: string
  readonly message: string
  readonly exitCode: number
}

const brand = Symbol.for('mnas.error')

/**
 * The one error of the project: a code, one line that says what happened, what was expected and received, and what to do.
 * Recognised by a brand, never by instanceof: two copies of core may exist. oclif prints `code`, `message` and exits with `oclif.exit`.
 */
export class MnasError extends Error {
  readonly [brand] = true
  readonly code: string
  readonly exitCode: number
  readonly oclif: { readonly exit: number }

  constructor(code: string, exitCode: number, message: string, cause?: unknown) {
    super(onOneLine(message), cause === undefined ? undefined : { cause })
    this.name = 'MnasError'
    this.code = code
    this.exitCode = exitCode
    this.oclif = { exit: exitCode }
  }

  toRecord(): MnasErrorRecord {
    return { code: this.code, message: this.message, exitCode: this.exitCode }
  }
}

/** Messages quote what parsers, libraries and the operating system say, which may have several lines. */
const onOneLine = (message: string) => message.replace(/\s*[\r\n]+\s*/g, ' ').trim()

export function isMnasError(error: unknown): error is MnasError {
  return typeof error === 'object' && error !== null && brand in error
}

/** Any thrown value as a record; what is not ours becomes MNAS_INTERNAL. */
export function toErrorRecord(error: unknown): MnasErrorRecord {
  if (isMnasError(error)) return { code: error.code, message: error.message, exitCode: error.exitCode }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'MNAS_INTERNAL', message, exitCode: exitCodes.internal }
}

/** Throws again what crossed a process boundary. */
export function fromErrorRecord(record: MnasErrorRecord): MnasError {
  return new MnasError(record.code, record.exitCode, record.message)
}
