import { type AnswerOf, count, seconds, version } from '@mnas/core/answers'
import { z } from 'zod'

export const searchDryRunAnswer = z
  .strictObject({
    version,
    dryRun: z.literal(true).describe('nothing was searched and nothing written'),
    run: z.string().describe("the run's folder, were it made"),
    classes: count.describe('of the images'),
    trainingImages: count.describe('on which a candidate would be trained'),
    heldOutImages: count.describe('on which it would be judged'),
    batchSize: count.describe('images per step'),
    network: z.string().describe("the space's reference, whose steps were timed"),
    stepsPerTrial: count.describe('of a training; with `--rungs` of all of them, up to the top; 0 with `--backbones`'),
    secondsPerStep: seconds.describe('of `network`, in s'),
    secondsPerTrial: seconds.describe('training and evaluation of `network`, in s; a smaller one takes less'),
    trials: count.nullable().describe('`--trials`; `null` when time alone bounds the search'),
    seconds: seconds
      .nullable()
      .describe('of the whole search at most, second trainings included, measurements not, in s; `null` when nothing bounds it'),
  })
  .describe('What a search would cost, measured on a few training steps.')
export type SearchDryRunAnswer = AnswerOf<typeof searchDryRunAnswer>
