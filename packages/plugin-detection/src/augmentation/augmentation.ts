import type { JsonObject } from '@mnas/core/contracts'
import { describeIssues } from '@mnas/core/errors'
import { colorJitterSchema } from '@mnas/images/augmentation'
import { z } from 'zod'
import { detectionErrors } from '../errors.js'

const share = z.number().min(0).max(1)
const range = (schema: z.ZodNumber) =>
  z.tuple([schema, schema]).refine(([low, high]) => low <= high, { error: 'expected [low, high] with low ≤ high' })

const cropSchema = z.strictObject({
  /** How often there is one. */
  chance: share,
  /** Share of the image's area. */
  area: range(z.number().gt(0).max(1)),
  /** Width / height, in pixels. */
  aspect: range(z.number().gt(0)),
  /** One of them is drawn: so much of some box has to lie in the crop, and of each box that stays; 0: any of it. */
  covers: z.array(share).min(1),
})
export type SsdCrop = Readonly<z.infer<typeof cropSchema>>

const expandSchema = z.strictObject({
  chance: share,
  /** The image is laid on a ground of up to so many times its sides. */
  largest: z.number().min(1).max(8),
})
export type Expand = Readonly<z.infer<typeof expandSchema>>

/** The overlap from which on an anchor takes a box, where a recipe does not say it: in every evaluation. */
export const evaluationOverlap = 0.5

const augmentationSchema = z.strictObject({
  matching: z.strictObject({ overlap: z.number().gt(0).max(1) }).default({ overlap: evaluationOverlap }),
  /** Mirror left and right with probability ½. */
  flip: z.boolean().optional(),
  expand: expandSchema.optional(),
  crop: cropSchema.optional(),
  colorJitter: colorJitterSchema.optional(),
})

/** What training does to an image and its boxes; `{}` is the evaluation transform. */
export type Augmentation = Readonly<z.infer<typeof augmentationSchema>>

/** @throws MNAS_DETECTION_RECIPE naming the field */
export function parseAugmentation(value: JsonObject): Augmentation {
  const result = augmentationSchema.safeParse(value)
  if (result.success) return result.data
  throw detectionErrors.MNAS_DETECTION_RECIPE({ part: 'augmentation', issues: describeIssues(result.error) }, result.error)
}
