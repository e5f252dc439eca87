import { fraction } from '@mnas/core/answers'
import { z } from 'zod'

const onPhotos = 'where `verifiedOn` is `photos`'

/** What ClassificationAgreement gives. */
export const agreement = z
  .strictObject({
    maxLogProbabilityError: z
      .number()
      .min(0)
      .describe('the largest difference of two natural logarithms of a probability, over all images and classes'),
    meanKl: z
      .number()
      .optional()
      .describe(`the mean Kullback-Leibler divergence of the file's probabilities from the model's, in nats; ${onPhotos}`),
    top1Agreement: fraction.optional().describe(`the share of the images for which both name the same class; ${onPhotos}`),
    top1: fraction.optional().describe(`the share of the images whose class the file names; ${onPhotos}`),
    engineTop1: fraction.optional().describe(`the same of the model, on the same images; ${onPhotos}`),
  })
  .describe('`agreement` of `mnas deploy`.')
