import { z } from 'zod'
import { blockSchema } from '../architecture/index.js'
import type { AnswerOf } from './answer-of.js'
import { architecture } from './parts/architecture.js'
import { macs, parameters, peakMemoryBytes } from './parts/costs.js'
import { hash } from './parts/hash.js'
import { count } from './parts/numbers.js'
import { version } from './parts/version.js'

export const archListAnswer = z.strictObject({
  version,
  architectures: z
    .array(
      z.strictObject({
        name: z.string().describe('what MODEL may be'),
        inputSize: count.describe('side of the square input in pixels'),
        parameters,
        macs,
        peakMemoryBytes,
      }),
    )
    .describe('as they were published, for 1000 classes'),
})
export type ArchListAnswer = AnswerOf<typeof archListAnswer>

const { filters: _, ...shape } = blockSchema.shape
const layers = z.strictObject(shape).meta({ id: 'Layers', description: 'A row of an architecture without its filters.' })

const row = z.strictObject({
  row: z
    .union([z.literal(['stem', 'head']), count])
    .describe("rows of the table count from 1; `head` is all behind them, the task's layers too"),
  layers: layers.nullable().describe('of which the row is made; `null` for stem and head'),
  filters: count.describe('output channels'),
  outputSize: count.describe('side of the output in pixels'),
  parameters,
  macs,
})

export const archShowAnswer = z.strictObject({
  version,
  name: z.string().describe("the architecture's, no part of its identity"),
  hash: hash.describe("the candidate's identity: of the architecture without its name"),
  parameters,
  macs,
  peakMemoryBytes,
  architecture: architecture.describe('as a file that MODEL may be'),
  blocks: z.array(row).describe("the table row by row; the rows' costs add up to the whole"),
})
export type ArchShowAnswer = AnswerOf<typeof archShowAnswer>

export const archSchemaAnswer = z
  .record(z.string(), z.unknown())
  .describe('The JSON Schema itself, as in [architecture.schema.json](architecture.schema.json); it has no field `version`.')
export type ArchSchemaAnswer = AnswerOf<typeof archSchemaAnswer>
