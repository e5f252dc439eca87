import type { JsonObject } from '@mnas/core/contracts'
import { z } from 'zod'
import { classificationErrors } from '../errors.js'
import type { Box, Size } from '../preprocessing.js'
import { type Random, uniform, uniformUpTo } from '../random.js'
import { classWeightsSchema } from './class-weights.js'
import { colorJitterSchema, jitterColors } from './color-jitter.js'
import { randAugment, randAugmentSchema } from './rand-augment.js'

const range = (schema: z.ZodNumber) =>
  z.tuple([schema, schema]).refine(([low, high]) => low <= high, { error: 'expected [low, high] with low ≤ high' })

const augmentationSchema = z.strictObject({
  /** Random resized crop (Szegedy et al. 2015): share of the image's area, and width / height. Absent: the evaluation crop. */
  crop: z.strictObject({ area: range(z.number().gt(0).max(1)), aspect: range(z.number().gt(0)) }).optional(),
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
  throw classificationErrors.MNAS_DATA_AUGMENTATION({ part: 'augmentation', issues: issuesOf(result.error) }, result.error)
}

/** A zod error on one line. */
export function issuesOf(error: z.ZodError): string {
  return error.issues.map((issue) => (issue.path.length ? `${issue.path.join('.')}: ${issue.message}` : issue.message)).join('; ')
}

/** What becomes the model's input: a part of the stored image, perhaps mirrored. */
export interface View {
  readonly box: Box
  readonly mirrored: boolean
}

/** The random numbers are drawn in a fixed order: crop, then flip. */
export function chooseView(image: Size, inputSize: number, augmentation: Augmentation, random: Random): View {
  const box = augmentation.crop ? randomBox(image, augmentation.crop, random) : centre(image, inputSize, inputSize)
  return { box, mirrored: augmentation.flip === true && uniform(random, 0, 1) < 0.5 }
}

/** What happens to the pixels of a view, in place. Drawn after the view. */
export function changePixels(pixels: Uint8Array, inputSize: number, augmentation: Augmentation, random: Random): void {
  if (augmentation.colorJitter) jitterColors(pixels, augmentation.colorJitter, random)
  if (augmentation.randAugment) randAugment(pixels, inputSize, augmentation.randAugment, random)
}

/** Tries before the largest central box of an allowed aspect is taken. */
const attempts = 10

function randomBox(image: Size, { area, aspect }: NonNullable<Augmentation['crop']>, random: Random): Box {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const pixels = uniform(random, ...area) * image.width * image.height
    const ratio = Math.exp(uniform(random, Math.log(aspect[0]), Math.log(aspect[1])))
    const width = Math.round(Math.sqrt(pixels * ratio))
    const height = Math.round(Math.sqrt(pixels / ratio))
    if (width < 1 || height < 1 || width > image.width || height > image.height) continue
    const left = uniformUpTo(random, image.width - width)
    return { left, top: uniformUpTo(random, image.height - height), width, height }
  }
  const ratio = Math.min(aspect[1], Math.max(aspect[0], image.width / image.height))
  const width = Math.min(image.width, Math.round(image.height * ratio))
  return centre(image, width, Math.min(image.height, Math.round(width / ratio)))
}

function centre(image: Size, width: number, height: number): Box {
  return { left: (image.width - width) >> 1, top: (image.height - height) >> 1, width, height }
}
