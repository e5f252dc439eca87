import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { errorRecord } from './parts/error-record.js'
import { jsonObject } from './parts/json-object.js'
import { version } from './parts/version.js'

const prediction = z
  .strictObject({
    image: z.string().describe('as it was given'),
    output: jsonObject
      .nullable()
      .describe("what the model says, in the task's own words; `null` for an image that cannot be read"),
    error: errorRecord.nullable().describe('why there is no output; the exit status is that of the first'),
  })
  .refine(({ output, error }) => (output === null) !== (error === null), 'either an output or an error')

export const predictAnswer = z.strictObject({
  version,
  predictions: z
    .array(prediction)
    .describe('one per image, in order; a folder stands for the images in it, in the order of their paths'),
  drawings: z.array(z.string()).optional().describe('with `--draw`: the files that were drawn'),
})
export type PredictAnswer = AnswerOf<typeof predictAnswer>
