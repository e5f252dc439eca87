import { type AnswerOf, count } from '@mnas/core/answers'
import { z } from 'zod'

const share = z.number().min(0)

/** How well latencies are foretold. */
export const latencyAccuracy = z
  .strictObject({
    networks: count.describe('that were compared'),
    meanError: share.describe('mean of |predicted / measured − 1|'),
    worstError: share.describe('the largest of them'),
    margin: share.describe(
      'share of an estimate by which the truth may lie below it: what nine of ten networks keep, and 2 % besides; a slower candidate is ' +
        'rejected unmeasured',
    ),
  })
  .meta({
    id: 'LatencyAccuracy',
    description: 'Latencies as the model of a run foretells those of networks that it has not seen, against measurements.',
  })
export type LatencyAccuracyAnswer = AnswerOf<typeof latencyAccuracy>
