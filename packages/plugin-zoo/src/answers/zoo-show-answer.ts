import { type AnswerOf, hash, jsonObject, version } from '@mnas/core/answers'
import { runFrontSchema } from '@mnas/core/bundle'
import { z } from 'zod'
import { digest, zooEntry, zooLineage } from './parts/zoo-entry.js'

const basis = z.literal(['measured', 'published', 'attested']).describe('who says so')

const lineage = z.strictObject({
  steps: z
    .array(
      z.strictObject({
        name: z.string().describe('`owner/name@release`, or the name of a model that no zoo here knows'),
        digest: digest.nullable().describe('of its `entry.json`; `null`: it is not known'),
        lineage: zooLineage.nullable().describe('as its entry says; `null`: it is in none of the zoos that were asked'),
      }),
    )
    .describe('the oldest first, the entry itself last'),
  front: runFrontSchema.nullable().describe('what the search found that the network comes from; `null`: none did'),
})

const history = z.array(
  z.strictObject({
    release: z.string().describe('its version'),
    yanked: z.boolean().describe('it was withdrawn'),
    basis,
    on: z.string().describe('images or device, in words'),
    precision: z.string().nullable().describe('of the file; `null`: of the weights'),
    value: z.number().describe('of a latency in ms'),
  }),
)

export const zooShowAnswer = z.strictObject({
  version,
  zoo: z.string().describe('where it was found'),
  digest,
  entry: zooEntry.describe('as it was published'),
  attested: z
    .array(
      z.strictObject({
        key: hash.describe('sha256 of the public key, as the signature says'),
        trusted: z.boolean().describe('the key is trusted for this name, and this is its signature'),
        accuracy: z.array(jsonObject).describe('claims, as in an entry'),
        latency: z.array(jsonObject).describe('claims, as in an entry'),
      }),
    )
    .describe('what others measured of it, where the zoo can tell'),
  lineage: lineage.optional().describe('with `--lineage`'),
  history: history.optional().describe('with `--history`: the number over the releases, oldest first'),
})
export type ZooShowAnswer = AnswerOf<typeof zooShowAnswer>
