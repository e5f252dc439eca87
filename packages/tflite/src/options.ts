import type { JsonObject, Schema } from '@mnas/core/contracts'
import { z } from 'zod'
import type { FileIo } from './quantization/integer-model.js'

/** What the exporter can be told; it moves int8 files alone. */
export interface ExportOptions {
  readonly io: FileIo
  readonly densePerChannel: boolean
}

export const exportOptionsSchema: Schema<JsonObject> = z.strictObject({
  io: z.enum(['float', 'uint8', 'int8']).default('float').describe('types of the inputs and outputs of an int8 file'),
  densePerChannel: z
    .boolean()
    .default(false)
    .describe('dense layers of an int8 file with a scale per output; silently wrong in TFLite up to 2.9'),
})
