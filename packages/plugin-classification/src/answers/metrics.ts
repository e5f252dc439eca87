import { count, fraction } from '@mnas/core/answers'
import { z } from 'zod'

const whole = z.strictObject({
  top1: fraction.describe('share of the images whose class is the likeliest one'),
  top5: fraction.describe('share of the images whose class is among the five likeliest'),
  balancedAccuracy: fraction.describe("mean of the classes' shares"),
  loss: z.number().min(0).describe('mean cross-entropy in nats, without label smoothing'),
  count: count.describe('images'),
})
const perClass = z.record(z.templateLiteral(['perClass.', z.string()]), fraction)

/** What ClassificationMetrics gives. */
export const metrics = z
  .intersection(whole, perClass)
  .describe(
    "`Metrics` of trainings and evaluations. `perClass.<label>` is the share of the class's images that `top1` counts; " +
      'classes without images are left out. The picture of an evaluation is `confusion`: how often each class was taken for each.',
  )
