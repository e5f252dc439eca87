/** Of the drawing: it stands in every golden file. Another drawing is another version, and old files keep theirs. */
export const picturesVersion = 1

/** Width and height; odd ones, so that scaling and cropping have something to round. */
const widths = [97, 131, 61, 203, 57, 33, 255, 129, 301, 75, 91, 171, 119, 45, 63, 221] as const
const heights = [131, 97, 61, 57, 203, 47, 255, 257, 199, 225, 35, 173, 67, 151, 189, 141] as const

export const pictureCount = widths.length

export interface DrawnPicture {
  readonly width: number
  readonly height: number
  /** RGB, row by row. */
  readonly pixels: Uint8Array
}

type Colour = readonly [number, number, number]

/**
 * A picture that nobody owns: a slope between two colours, discs and stripes on it, and a little noise. Whole numbers alone:
 * the same bytes on every machine, whatever decodes or scales pictures there.
 * @param index from 0 to pictureCount − 1
 */
export function drawPicture(index: number): DrawnPicture {
  const [width, height] = [widths[index]!, heights[index]!]
  const draw = generator(index + 1)
  const colour = (): Colour => [draw(256), draw(256), draw(256)]
  const pixels = new Uint8Array(3 * width * height)
  const canvas = { width, height, pixels }
  slope(canvas, colour(), colour(), index % 2 === 0)
  for (let i = 0; i < 2 + (index % 4); i++) disc(canvas, draw(width), draw(height), 3 + draw(1 + (width + height) / 5), colour())
  if (index % 3 !== 0) stripes(canvas, 3 + draw(11), draw(2) === 0 ? 1 : -1, colour())
  noise(canvas, draw, 1 + (index % 8) * 4)
  return canvas
}

/** Numbers from 0 to below `limit`, by a linear congruence on 32 bits of which the high ones are taken. */
function generator(seed: number): (limit: number) => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 16) % Math.floor(limit)
  }
}

function slope({ width, height, pixels }: DrawnPicture, from: Colour, to: Colour, across: boolean): void {
  const steps = (across ? width : height) - 1
  each(width, height, (x, y, at) => {
    const step = across ? x : y
    for (let c = 0; c < 3; c++) pixels[at + c] = Math.trunc((from[c]! * (steps - step) + to[c]! * step) / steps)
  })
}

function disc({ width, height, pixels }: DrawnPicture, left: number, top: number, radius: number, colour: Colour): void {
  each(width, height, (x, y, at) => {
    if ((x - left) ** 2 + (y - top) ** 2 <= radius ** 2) pixels.set(colour, at)
  })
}

/** Slanting ones, half of the colour and half of what is below. */
function stripes({ width, height, pixels }: DrawnPicture, period: number, slant: 1 | -1, colour: Colour): void {
  each(width, height, (x, y, at) => {
    if ((x + slant * y + 2 * period * height) % (2 * period) >= period) return
    for (let c = 0; c < 3; c++) pixels[at + c] = (pixels[at + c]! + colour[c]!) >> 1
  })
}

function noise({ pixels }: DrawnPicture, draw: (limit: number) => number, most: number): void {
  for (let at = 0; at < pixels.length; at++) pixels[at] = Math.min(255, Math.max(0, pixels[at]! + draw(2 * most + 1) - most))
}

function each(width: number, height: number, paint: (x: number, y: number, at: number) => void): void {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) paint(x, y, 3 * (y * width + x))
}
