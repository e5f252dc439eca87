import { z } from 'zod'
import { type Random, shuffled, uniform } from '../random/random.js'
import { brightness, contrast, hue, saturation } from './pixel-operations.js'

/** Each factor is drawn from [max(0, 1 − x), 1 + x]; the turn of the hue from [−hue, hue]. */
export const colorJitterSchema = z.strictObject({
  brightness: z.number().min(0).exactOptional(),
  contrast: z.number().min(0).exactOptional(),
  saturation: z.number().min(0).exactOptional(),
  hue: z.number().min(0).max(0.5).exactOptional(),
})
export type ColorJitter = Readonly<z.infer<typeof colorJitterSchema>>

const operations = { brightness, contrast, saturation, hue } as const
const names = ['brightness', 'contrast', 'saturation', 'hue'] as const

/** Brightness, contrast, saturation and hue, each by a random amount, in random order (Howard 2013; torchvision's ColorJitter). */
export function jitterColors(pixels: Uint8Array, jitter: ColorJitter, random: Random): void {
  for (const name of shuffled(names, random)) {
    const spread = jitter[name] ?? 0
    if (spread === 0) continue
    operations[name](
      pixels,
      name === 'hue' ? uniform(random, -spread, spread) : uniform(random, Math.max(0, 1 - spread), 1 + spread),
    )
  }
}
