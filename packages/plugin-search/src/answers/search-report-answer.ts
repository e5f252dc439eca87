import { type AnswerOf, count, fraction, milliseconds, version } from '@mnas/core/answers'
import { z } from 'zod'
import { id } from './parts/candidate.js'
import { trialCounts } from './parts/trial-counts.js'

export const searchReportAnswer = z.strictObject({
  version,
  run: z.string().describe("the run's folder, as it was given"),
  file: z.string().describe('the report: one HTML file that needs nothing else'),
  panels: z
    .array(z.literal(['front', 'progress', 'decisions', 'latency', 'network', 'settings']))
    .describe('its parts; only `settings` before the first candidate was trained'),
  counts: trialCounts,
  best: id.nullable().describe('`id` of the candidate with the highest reward; `null` until one is trained'),
  decisions: z
    .array(
      z.strictObject({
        name: z.string().describe('as the space calls it'),
        share: fraction.describe("of the variance of the trained networks' rewards, that goes with this decision alone (η²)"),
        chance: fraction.describe('what a decision without any effect would have on the mean'),
        choices: count.describe('that were made'),
      }),
    )
    .describe('those that varied, the strongest first; descriptive: shares are no causes and need not add up to 1'),
  latencyModel: z
    .array(
      z.strictObject({
        id: id.describe('of the candidate'),
        predictedMs: milliseconds.describe('by the latency model when it is fitted to all the others, in ms'),
        measuredMs: milliseconds.describe('in full, in ms'),
      }),
    )
    .describe('networks that were measured in full; none where they are too few'),
})
export type SearchReportAnswer = AnswerOf<typeof searchReportAnswer>
