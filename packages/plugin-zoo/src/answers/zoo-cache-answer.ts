import { type AnswerOf, count, hash, version } from '@mnas/core/answers'
import { z } from 'zod'

export const zooCacheAnswer = z.strictObject({
  version,
  folder: z.string().describe('of what was fetched of zoos'),
  blobs: count.describe('files that are named by their sha256'),
  parts: count.describe('downloads that were cut off and can be gone on with'),
  sizeBytes: count.describe('of these, and of models that were fetched for other commands'),
  damaged: z
    .array(hash)
    .nullable()
    .describe('with `--check`: files that were no longer what they are named by, and were removed'),
})
export type ZooCacheAnswer = AnswerOf<typeof zooCacheAnswer>
