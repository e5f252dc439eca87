/**
 * Pictures to try a detector on: circles, squares, triangles, stars and crosses on textured grounds, in COCO's format. One to six a
 * picture, their sides .12 to .45 of it (evenly in the logarithm), rotated; they may touch and hardly cover each other (overlap under
 * .2). The law is that of ../shared/prototypes/detection/shapes.py; the numbers are drawn by another generator.
 *
 *   node bench/detection/shapes.mjs FOLDER [--train 400] [--val 100] [--size 160] [--seed 7]
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { exampleRandom, uniform, uniformUpTo } from '@mnas/images/random'

export const shapeLabels = ['circle', 'square', 'triangle', 'star', 'cross']
const [smallest, largest, mostOverlap, tries] = [0.12, 0.45, 0.2, 20]

/** Corners of each shape around its middle, within a circle of radius 1 (the cross: of 1.05). */
const corners = [
  ring(40, 0, () => 1),
  ring(4, Math.PI / 4, () => 1),
  ring(3, 0, () => 1),
  ring(10, 0, (at) => (at % 2 === 0 ? 1 : 0.42)),
  [0.3, 1, 0.3, 0.3, 1, 0.3, 1, -0.3, 0.3, -0.3, 0.3, -1, -0.3, -1, -0.3, -0.3, -1, -0.3, -1, 0.3, -0.3, 0.3, -0.3, 1]
    .map((value) => value / 1.05)
    .flatMap((x, at, all) => (at % 2 === 0 ? [[x, all[at + 1]]] : [])),
]

function ring(count, start, radius) {
  return Array.from({ length: count }, (_, at) => {
    const angle = start + (2 * Math.PI * at) / count
    return [radius(at) * Math.cos(angle), radius(at) * Math.sin(angle)]
  })
}

/**
 * The shapes of a picture; all numbers are shares of its side.
 * @param {import('@mnas/images/random').Random} random
 * @returns {{ label: number, points: number[][], box: [x: number, y: number, width: number, height: number] }[]}
 */
export function placeShapes(random) {
  const placed = []
  for (let left = 1 + uniformUpTo(random, 5); left > 0; left--) {
    for (let attempt = 0; attempt < tries; attempt++) {
      const shape = placeShape(random)
      if (placed.some(({ box }) => overlapOf(box, shape.box) >= mostOverlap)) continue
      placed.push(shape)
      break
    }
  }
  return placed
}

function placeShape(random) {
  const label = uniformUpTo(random, shapeLabels.length - 1)
  const half = Math.exp(uniform(random, Math.log(smallest), Math.log(largest))) / 2
  const [cx, cy] = [uniform(random, half, 1 - half), uniform(random, half, 1 - half)]
  const angle = uniform(random, 0, 2 * Math.PI)
  const [cos, sin] = [half * Math.cos(angle), half * Math.sin(angle)]
  const points = corners[label].map(([x, y]) => [cx + x * cos - y * sin, cy + x * sin + y * cos])
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const [x, y] = [Math.max(0, Math.min(...xs)), Math.max(0, Math.min(...ys))]
  return { label, points, box: [x, y, Math.min(1, Math.max(...xs)) - x, Math.min(1, Math.max(...ys)) - y] }
}

function overlapOf([ax, ay, aw, ah], [bx, by, bw, bh]) {
  const width = Math.max(0, Math.min(ax + aw, bx + bw) - Math.max(ax, bx))
  const height = Math.max(0, Math.min(ay + ah, by + bh) - Math.max(ay, by))
  return (width * height) / (aw * ah + bw * bh - width * height)
}

/** A PNG: drawn at twice the size and averaged. */
async function drawPicture(sharp, random, shapes, size) {
  const side = 2 * size
  const raw = { width: side, height: side, channels: 3 }
  const ground = await drawGround(sharp, random, side)
  const color = () => `rgb(${[0, 0, 0].map(() => uniformUpTo(random, 255)).join(',')})`
  const polygons = shapes.map(({ points }) => {
    const at = points.map(([x, y]) => `${x * side},${y * side}`).join(' ')
    return `<polygon points="${at}" fill="${color()}" stroke="${color()}" stroke-width="1"/>`
  })
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${polygons.join('')}</svg>`
  const large = await sharp(ground, { raw })
    .composite([{ input: Buffer.from(drawing) }])
    .removeAlpha()
    .raw()
    .toBuffer()
  const pixels = Buffer.alloc(3 * size * size)
  for (let at = 0; at < pixels.length; at++) {
    const [row, column, channel] = [Math.floor(at / (3 * size)), Math.floor(at / 3) % size, at % 3]
    const from = 3 * (2 * row * side + 2 * column) + channel
    pixels[at] = (large[from] + large[from + 3] + large[from + 3 * side] + large[from + 3 * side + 3] + 2) >> 2
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer()
}

/** Patches of colour that run into each other, with noise of a deviation of 14 that all channels share. */
async function drawGround(sharp, random, side) {
  const patches = [3, 6, 12][uniformUpTo(random, 2)]
  const colors = Buffer.from(Array.from({ length: 3 * patches * patches }, () => uniformUpTo(random, 255)))
  const smooth = await sharp(colors, { raw: { width: patches, height: patches, channels: 3 } })
    .resize(side, side, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer()
  for (let at = 0; at < smooth.length; at += 3) {
    const noise = 14 * Math.sqrt(-2 * Math.log(1 - uniform(random, 0, 1))) * Math.cos(uniform(random, 0, 2 * Math.PI))
    for (let channel = at; channel < at + 3; channel++)
      smooth[channel] = Math.max(0, Math.min(255, Math.round(0.6 * smooth[channel] + 40 + noise)))
  }
  return smooth
}

/** Writes FOLDER/train and FOLDER/val with their _annotations.coco.json. */
export async function writeShapes(folder, { train = 400, val = 100, size = 160, seed = 7 } = {}) {
  const { default: sharp } = await import('sharp')
  for (const [part, count] of [train, val].entries()) {
    const place = join(folder, ['train', 'val'][part])
    await mkdir(place, { recursive: true })
    const [images, annotations] = [[], []]
    for (let id = 1; id <= count; id++) {
      const random = exampleRandom(seed, part, id)
      const shapes = placeShapes(random)
      const name = `${String(id).padStart(4, '0')}.png`
      await writeFile(join(place, name), await drawPicture(sharp, random, shapes, size))
      images.push({ id, file_name: name, width: size, height: size })
      for (const { label, box } of shapes) {
        const bbox = box.map((value) => value * size)
        const area = bbox[2] * bbox[3]
        annotations.push({ id: annotations.length + 1, image_id: id, category_id: label + 1, bbox, area, iscrowd: 0 })
      }
    }
    const categories = shapeLabels.map((name, at) => ({ id: at + 1, name }))
    await writeFile(join(place, '_annotations.coco.json'), JSON.stringify({ images, annotations, categories }))
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const number = { type: 'string' }
  const { values, positionals } = parseArgs({
    options: { train: number, val: number, size: number, seed: number },
    allowPositionals: true,
  })
  if (positionals.length !== 1) throw new Error('Expected one folder to write to')
  await writeShapes(positionals[0], Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)])))
}
