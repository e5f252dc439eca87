import { type AnswerOf, count } from '@mnas/core/answers'
import { z } from 'zod'

export const lease = z
  .strictObject({
    id: z.string().describe('what `--lease` of `mnas search tell` and `mnas search renew` takes: trial and attempt'),
    attempt: count.describe('how often the trial was given away, from 1; with `--rungs` at all of them'),
    worker: z.string().describe('who has it, as `--worker` said'),
    until: z.iso.datetime().describe('from then on another may be given the trial (UTC)'),
  })
  .meta({ id: 'Lease', description: 'The right to train a trial, for a while.' })
export type LeaseAnswer = AnswerOf<typeof lease>
