import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { errorRecord } from './parts/error-record.js'
import { jsonObject } from './parts/json-object.js'
import { count } from './parts/numbers.js'
import { skippedFile } from './parts/skipped-file.js'
import { version } from './parts/version.js'

const split = z.strictObject({
  split: z.literal(['train', 'heldOut', 'validation', 'test']).describe('as a training would divide the data'),
  examples: count.describe('how many images'),
  place: z.string().nullable().describe('where they stand apart; `null`: they are set apart, or all there are'),
  counts: z.array(count).nullable().describe('of each label, in the order of `labels`: images, or what `counted` says'),
})

export const dataCheckAnswer = z.strictObject({
  version,
  data: z.string().describe('as it was given'),
  task: z.string().describe('as it was named, else recognised'),
  takenFor: z.string().nullable().describe('format and place, in words; `null` where the task knows one format'),
  labels: z.array(z.string()).describe('of the classes'),
  counted: z.string().nullable().describe('what `counts` are of where an image may hold several, e.g. `boxes`; `null`: images'),
  splits: z.array(split).describe('those that are not empty'),
  skipped: z.array(skippedFile).describe('what could not be used: files, and by reason what of the annotations'),
  warnings: z.array(z.string()).describe('what a person should know of how the data was read, in words'),
  refused: z
    .array(errorRecord)
    .describe('why no training would take the data, for what of it is unusable; the exit status is that of the first'),
  look: jsonObject.nullable().describe('what the task sees in the data, in its own words; `null`: no more than the counts'),
  picture: z.string().nullable().describe('PNG with some of the images as they are taught; `null`: none was drawn'),
})
export type DataCheckAnswer = AnswerOf<typeof dataCheckAnswer>
