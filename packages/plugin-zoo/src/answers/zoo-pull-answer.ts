import { type AnswerOf, count, hash, version } from '@mnas/core/answers'
import { z } from 'zod'

export const zooPullAnswer = z.strictObject({
  version,
  bundle: z.string().describe("the bundle's folder"),
  outcome: z
    .literal(['pulled', 'imported', 'unchanged'])
    .describe('`imported`: made of weights as timm publishes them; `unchanged`: the folder held exactly that already'),
  reference: z.string().describe('what was asked for, by a name that always means the same'),
  zoo: z.string().describe('where it came from'),
  name: z.string().describe('of the entry, or of the repository of the hub'),
  release: z.string().nullable().describe('`null`: imported'),
  digest: hash.nullable().describe('sha256 of its `entry.json`; `null`: imported'),
  files: count.nullable().describe('`null`: imported'),
  fetchedBytes: count.nullable().describe('what came over; the cache had the rest; `null`: imported'),
  licence: z.string().nullable().describe('of the weights, as SPDX says it; `null`: nobody says'),
})
export type ZooPullAnswer = AnswerOf<typeof zooPullAnswer>
