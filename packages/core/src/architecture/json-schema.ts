import { z } from 'zod'
import { architectureSchema } from './architecture.js'

/** The JSON Schema (draft 2020-12) of an architecture file; docs/architecture.schema.json is its committed copy. */
export function architectureJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(architectureSchema)
  return { $schema, title: 'mnas architecture', ...schema }
}
