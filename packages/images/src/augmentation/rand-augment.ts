import { z } from 'zod'
import { type Random, uniform, uniformUpTo } from '../random/random.js'
import { rotation, shearX, shearY, shift, transform } from './affine.js'
import { autoContrast, brightness, contrast, equalize, posterize, saturation, sharpness, solarize } from './pixel-operations.js'

export const randAugmentSchema = z.strictObject({
  /** Operations per image. */
  operations: z.int().min(1).max(10),
  /** Strength of every operation; the paper's 9 for small networks on ImageNet. */
  magnitude: z.number().min(0).max(10),
})
export type RandAugment = Readonly<z.infer<typeof randAugmentSchema>>

/** @param strength 0 … 1. @param sign −1 or 1 */
type Operation = (pixels: Uint8Array, size: number, strength: number, sign: number) => void

/** The 14 operations of the paper (table 6 of AutoAugment, Cubuk et al. 2019), at their widest for strength 1. */
const operations: readonly Operation[] = [
  () => undefined,
  (pixels) => autoContrast(pixels),
  (pixels) => equalize(pixels),
  (pixels, _, strength) => posterize(pixels, 8 - Math.round(4 * strength)),
  (pixels, _, strength) => solarize(pixels, 256 * (1 - strength)),
  (pixels, _, strength, sign) => saturation(pixels, 1 + sign * 0.9 * strength),
  (pixels, _, strength, sign) => contrast(pixels, 1 + sign * 0.9 * strength),
  (pixels, _, strength, sign) => brightness(pixels, 1 + sign * 0.9 * strength),
  (pixels, size, strength, sign) => sharpness(pixels, size, 1 + sign * 0.9 * strength),
  (pixels, size, strength, sign) => transform(pixels, size, rotation(sign * 30 * strength)),
  (pixels, size, strength, sign) => transform(pixels, size, shearX(sign * 0.3 * strength)),
  (pixels, size, strength, sign) => transform(pixels, size, shearY(sign * 0.3 * strength)),
  (pixels, size, strength, sign) => transform(pixels, size, shift(Math.round(sign * shiftShare * size * strength), 0)),
  (pixels, size, strength, sign) => transform(pixels, size, shift(0, Math.round(sign * shiftShare * size * strength))),
]
const shiftShare = 150 / 331

/** A few operations drawn with replacement, all of one magnitude (Cubuk et al. 2020). */
export function randAugment(pixels: Uint8Array, size: number, settings: RandAugment, random: Random): void {
  for (let i = 0; i < settings.operations; i++) {
    const operation = operations[uniformUpTo(random, operations.length - 1)]!
    operation(pixels, size, settings.magnitude / 10, uniform(random, 0, 1) < 0.5 ? -1 : 1)
  }
}
