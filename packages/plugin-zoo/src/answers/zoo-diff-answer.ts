import { type AnswerOf, version } from '@mnas/core/answers'
import { z } from 'zod'
import { digest } from './parts/zoo-entry.js'

const side = z.strictObject({
  zoo: z.string().describe('where it was found'),
  name: z.string().describe('`owner/name`'),
  release: z.string().describe('its version'),
  digest,
})

const change = z
  .strictObject({
    field: z.string().describe('in words'),
    a: z.string().nullable().describe('of the one'),
    b: z.string().nullable().describe('of the other'),
  })
  .meta({ id: 'ZooFieldChange', description: 'What two entries say otherwise; `null`: one of them does not say it.' })

const numberChange = z
  .strictObject({
    basis: z.literal(['measured', 'published', 'attested']).describe('who says so'),
    of: z.string().describe('which file: `weights`, `tflite int8`, `the architecture`'),
    on: z.string().describe('images or device, with what else the number belongs to'),
    metric: z.string().describe('as the task calls it; `ms`'),
    a: z.number().nullable().describe('of the one'),
    b: z.number().nullable().describe('of the other'),
  })
  .meta({
    id: 'ZooNumberChange',
    description:
      'A claim of both of the same thing, or of one of them (`null`: of the other): only what can be compared stands in one row.',
  })

export const zooDiffAnswer = z.strictObject({
  version,
  a: side.describe('the one'),
  b: side.describe('the other'),
  fields: z.array(change).describe('what the entries say of themselves'),
  blocks: z.array(change).describe('rows of the architectures that differ'),
  accuracy: z.array(numberChange).describe('metrics'),
  latency: z.array(numberChange).describe('in ms'),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe('in the entry'),
        change: z.literal(['added', 'removed', 'changed']).describe('from the one to the other'),
        a: z.int().nullable().describe('bytes'),
        b: z.int().nullable().describe('bytes'),
      }),
    )
    .describe('those with other bytes'),
})
export type ZooDiffAnswer = AnswerOf<typeof zooDiffAnswer>
