import type { MnasError } from '../errors/index.js'
import { printable } from '../events/index.js'

/** `✗ MNAS_CODE: what happened. Expected …, received …. Try ….` One line; with DEBUG set the stacks of the error and its causes follow. */
export function formatError(error: MnasError, options: { readonly color: boolean; readonly debug: boolean }): string {
  const mark = options.color ? '\u001B[31m✗\u001B[0m' : '✗'
  const line = `${mark} ${error.code}: ${printable(error.message)}`
  if (!options.debug) return line
  const stacks: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) stacks.push(cause.stack ?? cause.message)
  return [line, ...stacks].join('\n')
}
