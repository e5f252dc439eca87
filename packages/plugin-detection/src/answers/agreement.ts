import { fraction } from '@mnas/core/answers'
import { z } from 'zod'

const onPhotos = 'where `verifiedOn` is `photos`'

/** What DetectionAgreement gives. */
export const agreement = z
  .strictObject({
    maxBoxError: z
      .number()
      .min(0)
      .optional()
      .describe(
        "the largest difference of a side of a box that both find, overlapping by half, as a share of the input's side; absent where " +
          'both find none',
      ),
    maxScoreError: z.number().min(0).optional().describe('the largest difference of its scores, likewise'),
    sameDetections: fraction
      .optional()
      .describe(`the share of the images in which both find as many things, the same ones in the same order; ${onPhotos}`),
    map50: fraction.optional().describe(`mean average precision of the file at an overlap of .5; ${onPhotos}`),
    engineMap50: fraction.optional().describe(`the same of the model, on the same images; ${onPhotos}`),
  })
  .describe('`agreement` of `mnas deploy`.')
