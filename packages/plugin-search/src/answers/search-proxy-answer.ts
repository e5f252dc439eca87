import { type AnswerOf, count, fraction, version } from '@mnas/core/answers'
import { z } from 'zod'

const correlation = z
  .strictObject({
    value: z.number().min(-1).max(1).describe("Spearman's, over the networks"),
    low: z.number().min(-1).max(1).describe('where the middle 95 % of resampled sets of networks begin'),
    high: z.number().min(-1).max(1).describe('and where they end'),
  })
  .meta({ id: 'RankCorrelation', description: 'How far two orders of the same networks agree.' })

const training = { epochs: count.describe('of the training'), inputSize: count.describe('side of its images in pixels') }

const judged = z
  .strictObject({
    ...training,
    metric: z.string().describe("by which its networks are ordered: the task's first metric, or `loss`"),
    cost: z.number().positive().describe('of its work, in that of one reference'),
    correlation: correlation.describe("with the references' first metric, on the mean of their seeds"),
  })
  .meta({ id: 'JudgedProxy', description: 'A cheap training, and how well it orders networks.' })

export const searchProxyAnswer = z
  .strictObject({
    version,
    folder: z.string().describe('where the trainings lie'),
    metric: z.string().describe("the task's first, by which the references are ordered"),
    reference: z.strictObject(training).describe('what all are compared with'),
    networks: count.describe('whose trainings are all done'),
    wanted: count.describe('networks that there should be; the same command goes on'),
    failed: count.describe('networks of which a training failed'),
    heldOutImages: count.describe('on which all were judged'),
    noise: z
      .strictObject({
        networks: z.number().min(0).describe("between the networks' means"),
        seeds: z.number().min(0).describe('between two trainings of one network'),
        sampling: fraction.describe('of so few held-out images, were the metric a share of them'),
      })
      .describe("standard deviations of the references' first metric"),
    betweenSeeds: correlation.describe(
      'of two references that differ in their seed alone; proxies are compared with the mean of both, and may agree better',
    ),
    proxies: z.array(judged).describe('the best first'),
    recommended: judged.nullable().describe('the best; `null` where cheaper ones are not told apart from it, or it from chance'),
    alike: z
      .array(judged)
      .describe('those that the networks do not tell apart from the best, itself among them, the cheapest first'),
  })
  .describe('Which cheap training orders networks as a long one does.')
export type SearchProxyAnswer = AnswerOf<typeof searchProxyAnswer>
