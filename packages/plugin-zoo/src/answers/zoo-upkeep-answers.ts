import { type AnswerOf, count, hash, version } from '@mnas/core/answers'
import { z } from 'zod'

export const zooRmAnswer = z.strictObject({
  version,
  zoo: z.string().describe('where it lies'),
  name: z.string().describe('`OWNER/NAME`'),
  release: z.string().describe('a version'),
  digest: hash.describe('sha256 of its `entry.json`: by it the release can still be had'),
  reason: z.string().nullable().describe('`null`: it is not withdrawn any more'),
  changed: z.boolean().describe('`false`: it was so already'),
  generation: count.describe("of the zoo's list that says so"),
  dependants: z.array(z.string()).describe('releases of the same zoo whose weights began with these'),
})
export type ZooRmAnswer = AnswerOf<typeof zooRmAnswer>

export const zooGcAnswer = z.strictObject({
  version,
  zoo: z.string().describe('where it lies'),
  removed: z.array(z.string()).describe('files of the zoo that nothing named'),
  young: z.array(z.string()).describe('files that nothing names, seen for less than an hour: a publish may be about to'),
})
export type ZooGcAnswer = AnswerOf<typeof zooGcAnswer>
