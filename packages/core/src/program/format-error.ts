import type { MnasError } from '../errors/index.js'

/** `✗ MNAS_CODE: what happened. Expected …, received …. Try ….` One line; with DEBUG set the stacks of the error and its causes follow. */
export function formatError(error: MnasError, options: { readonly color: boolean; readonly debug: boolean }): string {
  const mark = options.color ? '\u001B[31m✗\u001B[0m' : '✗'
  const line = `${mark} ${error.code}: ${printable(error.message)}`
  if (!options.debug) return line
  const stacks: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) stacks.push(cause.stack ?? cause.message)
  return [line, ...stacks].join('\n')
}

/** Paths, and names in files of others, may hold what ends a line or commands the terminal. */
const printable = (message: string) =>
  message.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
