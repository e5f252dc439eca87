import { type AnswerOf, version } from '@mnas/core/answers'
import { z } from 'zod'
import { digest } from './zoo-entry.js'

const side = z.strictObject({
  zoo: z.string().describe('where it was found'),
  name: z.string().describe('`owner/name`'),
  release: z.string(),
  digest,
})

const change = z
  .strictObject({
    field: z.string().describe('in words'),
    a: z.string().nullable(),
    b: z.string().nullable(),
  })
  .meta({ id: 'ZooFieldChange', description: 'What two entries say otherwise; `null`: one of them does not say it.' })

const numberChange = z
  .strictObject({
    basis: z.literal(['measured', 'published', 'attested']),
    of: z.string().describe('which file: `weights`, `tflite int8`, `the architecture`'),
    on: z.string().describe('images or device, with what else the number belongs to'),
    metric: z.string(),
    a: z.number().nullable(),
    b: z.number().nullable(),
  })
  .meta({
    id: 'ZooNumberChange',
    description:
      'A claim of both of the same thing, or of one of them (`null`: of the other): only what can be compared stands in one row.',
  })

export const zooDiffAnswer = z.strictObject({
  version,
  a: side,
  b: side,
  fields: z.array(change),
  blocks: z.array(change).describe('rows of the architectures that differ'),
  accuracy: z.array(numberChange),
  latency: z.array(numberChange).describe('in ms'),
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        change: z.literal(['added', 'removed', 'changed']),
        a: z.int().nullable().describe('bytes'),
        b: z.int().nullable().describe('bytes'),
      }),
    )
    .describe('those with other bytes'),
})
export type ZooDiffAnswer = AnswerOf<typeof zooDiffAnswer>
