import type { JsonObject, Size } from '@mnas/core/contracts'
import { describeIssues } from '@mnas/core/errors'
import { colorJitterSchema, cropSchema, jitterColors, randAugment, randAugmentSchema, randomBox } from '@mnas/images/augmentation'
import { centreBox } from '@mnas/images/geometry'
import { type Random, uniform } from '@mnas/images/random'
import type { View } from '@mnas/images/resampling'
import { z } from 'zod'
import { classificationErrors } from '../errors.js'
import { classWeightsSchema } from './class-weights.js'

const augmentationSchema = z.strictObject({
  /** Absent: the evaluation crop. */
  crop: cropSchema.optional(),
  /** Mirror left and right with probability ½. */
  flip: z.boolean().optional(),
  colorJitter: colorJitterSchema.optional(),
  randAugment: randAugmentSchema.optional(),
  /** Mixes pairs of examples: α of the Beta distribution of their shares. */
  mixup: z.strictObject({ alpha: z.number().gt(0).max(1) }).optional(),
  /** How much the classes count in the loss. */
  classWeights: classWeightsSchema.optional(),
})

/** What training does to an image; `{}` is the evaluation transform. */
export type Augmentation = Readonly<z.infer<typeof augmentationSchema>>

/** @throws MNAS_DATA_AUGMENTATION naming the field */
export function parseAugmentation(value: JsonObject): Augmentation {
  const result = augmentationSchema.safeParse(value)
  if (result.success) return result.data
  throw classificationErrors.MNAS_DATA_AUGMENTATION({ part: 'augmentation', issues: describeIssues(result.error) }, result.error)
}

/** The random numbers are drawn in a fixed order: crop, then flip. */
export function chooseView(image: Size, inputSize: number, augmentation: Augmentation, random: Random): View {
  const box = augmentation.crop ? randomBox(image, augmentation.crop, random) : centreBox(image, inputSize, inputSize)
  return { box, mirrored: augmentation.flip === true && uniform(random, 0, 1) < 0.5 }
}

/** What happens to the pixels of a view, in place. Drawn after the view. */
export function changePixels(pixels: Uint8Array, inputSize: number, augmentation: Augmentation, random: Random): void {
  if (augmentation.colorJitter) jitterColors(pixels, augmentation.colorJitter, random)
  if (augmentation.randAugment) randAugment(pixels, inputSize, augmentation.randAugment, random)
}
