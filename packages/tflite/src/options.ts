import type { JsonObject, Schema } from '@mnas/core/contracts'
import { z } from 'zod'
import type { FileIo } from './quantization/integer-model.js'

/** What the exporter can be told. The first two move int8 files alone. */
export interface ExportOptions {
  readonly io: FileIo
  readonly densePerChannel: boolean
  /** Of the model, for the file to say; null: none is named. */
  readonly license: string | null
}

export const exportOptionsSchema: Schema<JsonObject> = z.strictObject({
  io: z
    .enum(['float', 'uint8', 'int8'])
    .default('float')
    .describe('types of the inputs and outputs of an int8 file; outputs of an operator behind the graph stay floats'),
  densePerChannel: z
    .boolean()
    .default(false)
    .describe('dense layers of an int8 file with a scale per output; silently wrong in TFLite up to 2.9'),
  license: z.string().min(1).nullable().default(null).describe('of the model: the file says it, and nothing else changes'),
})
