import { type AnswerOf, count, version } from '@mnas/core/answers'
import { z } from 'zod'
import { entrySummary } from '../catalogue/catalogue-schema.js'

/** A release, in answers. */
export const zooSummary = entrySummary.meta({
  id: 'ZooSummary',
  description: "What a zoo's list says of a release. Beside every number stands its basis: who says so.",
})

export const zooListAnswer = z.strictObject({
  version,
  zoos: z
    .array(
      z.strictObject({
        zoo: z.string().describe('where it lies'),
        generation: count.describe('of its list: grows with each change'),
        entries: z.array(zooSummary).describe('the newest release of each name; with `--all` all of them, withdrawn ones too'),
      }),
    )
    .describe('in the order in which they are asked'),
})
export type ZooListAnswer = AnswerOf<typeof zooListAnswer>
