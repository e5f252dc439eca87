import { fraction } from '@mnas/core/answers'
import { z } from 'zod'

/** What ClassificationAgreement gives. */
export const agreement = z
  .strictObject({
    maxLogProbabilityError: z
      .number()
      .min(0)
      .describe('the largest difference of two natural logarithms of a probability, over all images and classes'),
    top1Agreement: fraction
      .optional()
      .describe('the share of the images for which both name the same class; where `verifiedOn` is `photos`'),
  })
  .describe('`agreement` of `mnas deploy`.')
