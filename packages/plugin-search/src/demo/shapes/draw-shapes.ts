import { type Random, uniform, uniformUpTo } from '@mnas/images/random'
import type Sharp from 'sharp'
import type { PlacedShape } from './place-shapes.js'

/** Shapes in any colour on a textured ground, as a PNG: drawn at twice the size and averaged. @param size side in pixels */
export async function drawShapes(
  sharp: typeof Sharp,
  random: Random,
  shapes: readonly PlacedShape[],
  size: number,
): Promise<Buffer> {
  const side = 2 * size
  const ground = await drawGround(sharp, random, side)
  const color = () => `rgb(${[0, 0, 0].map(() => uniformUpTo(random, 255)).join(',')})`
  const polygons = shapes.map(({ points }) => {
    const at = points.map(([x, y]) => `${x * side},${y * side}`).join(' ')
    return `<polygon points="${at}" fill="${color()}" stroke="${color()}" stroke-width="1"/>`
  })
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${polygons.join('')}</svg>`
  const large = await sharp(ground, { raw: { width: side, height: side, channels: 3 } })
    .composite([{ input: Buffer.from(drawing) }])
    .removeAlpha()
    .raw()
    .toBuffer()
  return sharp(halved(large, size), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer()
}

/** The mean of each four pixels. */
function halved(large: Uint8Array, size: number): Uint8Array {
  const side = 2 * size
  const pixels = new Uint8Array(3 * size * size)
  for (let at = 0; at < pixels.length; at++) {
    const [row, column, channel] = [Math.floor(at / (3 * size)), Math.floor(at / 3) % size, at % 3]
    const from = 3 * (2 * row * side + 2 * column) + channel
    pixels[at] = (large[from]! + large[from + 3]! + large[from + 3 * side]! + large[from + 3 * side + 3]! + 2) >> 2
  }
  return pixels
}

/** Patches of colour that run into each other, with noise of a deviation of 14 that all channels share. */
async function drawGround(sharp: typeof Sharp, random: Random, side: number): Promise<Uint8Array> {
  const patches = [3, 6, 12][uniformUpTo(random, 2)]!
  const colors = Buffer.from(Array.from({ length: 3 * patches * patches }, () => uniformUpTo(random, 255)))
  const smooth = await sharp(colors, { raw: { width: patches, height: patches, channels: 3 } })
    .resize(side, side, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer()
  for (let at = 0; at < smooth.length; at += 3) {
    const noise = 14 * Math.sqrt(-2 * Math.log(1 - uniform(random, 0, 1))) * Math.cos(uniform(random, 0, 2 * Math.PI))
    for (let channel = at; channel < at + 3; channel++)
      smooth[channel] = Math.max(0, Math.min(255, Math.round(0.6 * smooth[channel]! + 40 + noise)))
  }
  return smooth
}
