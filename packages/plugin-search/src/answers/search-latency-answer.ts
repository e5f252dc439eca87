import { type AnswerOf, count, latency, milliseconds, version } from '@mnas/core/answers'
import { z } from 'zod'
import { id } from './parts/candidate.js'
import { latencyAccuracy } from './parts/latency-accuracy.js'

const { meanError, worstError, margin } = latencyAccuracy.shape

const comparedNetwork = z
  .strictObject({
    id: id.describe('the first 12 digits of the hash of its architecture'),
    role: z
      .literal(['calibration', 'reference', 'trial', 'unseen', 'model'])
      .describe('why it was measured; the last two: just now, since it was asked for'),
    trial: count.nullable().describe('of a trial; `null` for others'),
    name: z.string().describe('of the architecture, or the MODEL as it was given'),
    predictedMs: milliseconds.describe('foretold by a latency model that has not seen it, in ms'),
    measuredMs: latency.latencyMs,
    error: z.number().describe('predicted / measured − 1; more than 0: it is faster than foretold'),
    beyond: z.boolean().describe('faster than the prediction by more than `margin`: a search may have dropped it unmeasured'),
  })
  .meta({ id: 'ComparedNetwork', description: 'A latency that was foretold, and as it was measured.' })
export type ComparedNetwork = AnswerOf<typeof comparedNetwork>

export const searchLatencyAnswer = z.strictObject({
  version,
  run: z.string().describe('folder of the run whose latency model it is, as it was given'),
  device: z.string().describe('on which the networks were measured'),
  networks: z.array(comparedNetwork).describe('those that the model was fitted to in their order, or those that were asked for'),
  meanError,
  worstError,
  margin: margin.describe('as the model states it for its estimates'),
  beyond: count.describe('networks that are `beyond`'),
})
export type SearchLatencyAnswer = AnswerOf<typeof searchLatencyAnswer>
