import type { Size } from '@mnas/core/contracts'
import { z } from 'zod'
import { type Box, centreBox } from '../geometry/box.js'
import { type Random, uniform, uniformUpTo } from '../random/random.js'

const range = (schema: z.ZodNumber) =>
  z.tuple([schema, schema]).refine(([low, high]) => low <= high, { error: 'expected [low, high] with low ≤ high' })

/** Random resized crop (Szegedy et al. 2015): share of the image's area, and width / height. */
export const cropSchema = z.strictObject({ area: range(z.number().gt(0).max(1)), aspect: range(z.number().gt(0)) })
export type Crop = Readonly<z.infer<typeof cropSchema>>

/** Tries before the largest central box of an allowed aspect is taken. */
const attempts = 10

export function randomBox(image: Size, { area, aspect }: Crop, random: Random): Box {
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
  return centreBox(image, width, Math.min(image.height, Math.round(width / ratio)))
}
