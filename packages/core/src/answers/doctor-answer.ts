import { z } from 'zod'
import type { AnswerOf } from './answer-of.js'
import { version } from './parts/version.js'

const check = z.strictObject({
  name: z.string().describe('what was looked at'),
  status: z
    .literal(['ok', 'hint', 'failed'])
    .describe('`hint`: works, but could be better; `failed`: something of mnas will not work'),
  detail: z.string().describe('what was found'),
  fix: z.string().nullable().describe('what to do about a hint or a failure'),
})

export const doctorAnswer = z.strictObject({
  version,
  ok: z.boolean().describe('nothing failed; hints do not count'),
  checks: z.array(check).describe('in the order in which they were made'),
})
export type DoctorAnswer = AnswerOf<typeof doctorAnswer>
