import { type AnswerOf, version } from '@mnas/core/answers'
import { z } from 'zod'
import { front, postProcessing, range } from './parts/candidate.js'

export const searchFrontAnswer = z.strictObject({
  version,
  run: z.string().describe("the run's folder, as it was given"),
  postProcessing,
  range,
  candidates: front,
})
export type SearchFrontAnswer = AnswerOf<typeof searchFrontAnswer>
