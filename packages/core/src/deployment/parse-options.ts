import type { JsonObject, Schema } from '../contracts/index.js'

/** What is wrong with some options. */
export interface WrongOption {
  readonly option: string
  readonly expected: string
  readonly received: string
}

/** The parts of a zod error that are used; another schema's error is told by its message. */
interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

/**
 * Options as a strict schema gives them back.
 * @param schema undefined: there are none, and each is refused
 * @param refused the error to throw for wrong ones
 */
export function parseOptions(
  schema: Schema<JsonObject> | undefined,
  options: JsonObject,
  refused: (wrong: WrongOption, cause?: unknown) => Error,
): JsonObject {
  if (!schema) {
    const [option] = Object.keys(options)
    if (option === undefined) return {}
    throw refused({ option, expected: 'no options', received: JSON.stringify(options[option]) })
  }
  try {
    return schema.parse(options)
  } catch (error) {
    const [issue] = (error as { readonly issues?: readonly Issue[] }).issues ?? []
    const unknown = issue?.keys?.[0]
    const option = unknown ?? issue?.path.join('.') ?? Object.keys(options).join(', ')
    const expected = unknown === undefined ? (issue?.message ?? String(error)) : knownOptions(schema)
    const value = issue?.path.length === 0 ? options[option] : options[String(issue?.path[0])]
    throw refused({ option, expected, received: JSON.stringify(value ?? options) }, error)
  }
}

/** A zod object says which fields it has. */
function knownOptions(schema: Schema<JsonObject>): string {
  const names = Object.keys((schema as { readonly shape?: object }).shape ?? {})
  return names.length > 0 ? `one of ${names.join(', ')}` : 'no options'
}
