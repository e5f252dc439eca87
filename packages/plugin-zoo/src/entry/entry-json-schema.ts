import { z } from 'zod'
import { entrySchema } from './entry-schema.js'

/**
 * The JSON Schema (draft 2020-12) of an entry.json; docs/entry.schema.json is its committed copy. Rules between fields are not
 * in it.
 */
export function entryJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(entrySchema)
  return { $schema, title: 'entry of a zoo of mnas', ...schema }
}
