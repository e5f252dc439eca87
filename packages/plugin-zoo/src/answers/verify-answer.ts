import { type AnswerOf, hash, version } from '@mnas/core/answers'
import { z } from 'zod'

const claim = z
  .strictObject({
    kind: z
      .literal(['signature', 'files', 'outputs', 'accuracy', 'latency'])
      .describe('of what kind; each has a status of its own'),
    claim: z.string().describe('what is claimed, and of what'),
    expected: z.string().describe('as the entry has it'),
    got: z.string().describe('what was found here; an error begins with its code'),
    comparable: z.boolean().describe('whether what was found can say anything of the claim'),
    holds: z.boolean().nullable().describe('`null`: nobody can say'),
  })
  .meta({ id: 'CheckedClaim', description: 'A claim of an entry, and what came of looking at it again.' })

export const zooVerifyAnswer = z.strictObject({
  version,
  name: z.string().describe('of the entry'),
  release: z.string().describe('of it'),
  digest: hash.describe('sha256 of its entry.json'),
  holds: z.boolean().describe('every claim that could be compared holds'),
  claims: z.array(claim).describe('cheap ones first'),
  broken: z
    .strictObject({
      code: z.string().describe('MNAS_ZOO_BROKEN_…'),
      message: z.string().describe('in one line'),
      exitCode: z.int().describe('of the command'),
    })
    .nullable()
    .describe('of the first kind that does not hold, with the status of the command; `null`: none'),
})
export type ZooVerifyAnswer = AnswerOf<typeof zooVerifyAnswer>
