import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** What the demo's pictures show: two shapes on a plain ground and two textures, in any colour. */
export const pictureLabels = ['checks', 'disc', 'stripes', 'triangle'] as const
export type PictureLabel = (typeof pictureLabels)[number]

type Color = readonly [red: number, green: number, blue: number]
/** Whether a point belongs to what is drawn; coordinates from −1 to 1. */
type Covers = (x: number, y: number) => boolean

/** One RGB picture of size · size pixels, 3 bytes each: a pure function of the label and the generator's state. */
export function drawPicture(label: PictureLabel, size: number, random: RandomGenerator): Uint8Array {
  const covers = figureOf(label, random)
  const ground = drawColor(random)
  const ink = contrasting(ground, random)
  const noise = between(random, 2, 16)
  const pixels = new Uint8Array(size * size * 3)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const color = covers((2 * column) / size - 1, (2 * row) / size - 1) ? ink : ground
      const offset = (row * size + column) * 3
      for (let channel = 0; channel < 3; channel++) {
        pixels[offset + channel] = Math.max(0, Math.min(255, Math.round(color[channel]! + between(random, -noise, noise))))
      }
    }
  }
  return pixels
}

function figureOf(label: PictureLabel, random: RandomGenerator): Covers {
  const [centerX, centerY] = [between(random, -0.3, 0.3), between(random, -0.3, 0.3)]
  const angle = between(random, 0, 2 * Math.PI)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const turned = (x: number, y: number) =>
    [cos * (x - centerX) + sin * (y - centerY), cos * (y - centerY) - sin * (x - centerX)] as const
  const radius = between(random, 0.4, 0.65)
  const period = between(random, 0.25, 0.5)
  const wave = (value: number) => Math.floor(value / period) & 1
  switch (label) {
    case 'disc':
      return (x, y) => Math.hypot(x - centerX, y - centerY) < radius
    case 'triangle':
      // A regular triangle is where three half-planes meet, each half the radius away from the centre.
      return (x, y) => {
        const [u, v] = turned(x, y)
        return v > -radius / 2 && Math.sqrt(3) * u + v < radius && -Math.sqrt(3) * u + v < radius
      }
    case 'stripes':
      return (x, y) => wave(turned(x, y)[0]) === 1
    case 'checks':
      return (x, y) => {
        const [u, v] = turned(x, y)
        return wave(u) !== wave(v)
      }
    default:
      throw label satisfies never
  }
}

function drawColor(random: RandomGenerator): Color {
  return [uniformInt(random, 0, 255), uniformInt(random, 0, 255), uniformInt(random, 0, 255)]
}

/** A colour that a person tells from the ground at a glance. */
function contrasting(ground: Color, random: RandomGenerator): Color {
  for (let attempt = 0; attempt < 50; attempt++) {
    const color = drawColor(random)
    if (Math.abs(luminance(color) - luminance(ground)) > 80) return color
  }
  return luminance(ground) > 127 ? [0, 0, 0] : [255, 255, 255]
}

const luminance = ([red, green, blue]: Color) => 0.299 * red + 0.587 * green + 0.114 * blue

function between(random: RandomGenerator, low: number, high: number): number {
  return low + (high - low) * uniformFloat64(random)
}
