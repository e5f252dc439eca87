import { type AnswerOf, count, hash, version } from '@mnas/core/answers'
import { z } from 'zod'

export const zooAttestAnswer = z.strictObject({
  version,
  name: z.string().describe('of the entry'),
  release: z.string().describe('of it'),
  digest: hash.describe('sha256 of its entry.json'),
  attestation: hash.describe('sha256 of the signed file'),
  file: z.string().nullable().describe('where it was written; `null`: into the zoo alone'),
  zoo: z.string().nullable().describe('to which it was added; `null`: to none'),
  accuracy: count.describe('claims of accuracy in it'),
  latency: count.describe('claims of latency in it'),
})
export type ZooAttestAnswer = AnswerOf<typeof zooAttestAnswer>
