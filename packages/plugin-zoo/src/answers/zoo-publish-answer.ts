import { type AnswerOf, count, version } from '@mnas/core/answers'
import { z } from 'zod'
import { digest, zooEntry } from './parts/zoo-entry.js'

export const zooPublishAnswer = z.strictObject({
  version,
  zoo: z.string().describe('where it was published'),
  digest,
  outcome: z
    .literal(['published', 'unchanged', 'dry-run'])
    .describe('`unchanged`: exactly this release was there already; `dry-run`: nothing was written'),
  generation: count.nullable().describe("of the zoo's list that names it; `null`: nothing was written"),
  entry: zooEntry.describe('what was published, or would be'),
})
export type ZooPublishAnswer = AnswerOf<typeof zooPublishAnswer>
