import { z } from 'zod'

/** What the exporter can be told: `--export-option license=Apache-2.0`. Words about the model: no part of its structure. */
export const optionsSchema = z.strictObject({
  /** Of the model, as the file says it. */
  license: z.string().min(1).nullable().default(null),
})
