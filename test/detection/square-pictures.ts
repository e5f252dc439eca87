import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

const colours = ['#e01010', '#1010e0'] as const
const [width, height] = [56, 48]

/** A few pictures with one red or blue square each, as COCO annotates them: enough for a training that takes seconds. */
export async function squarePictures(folder: string, labels: readonly [string, string] = ['red', 'blue'], count = 16) {
  await mkdir(folder, { recursive: true })
  const squares = Array.from({ length: count }, (_, number) => {
    const side = 18 + ((number * 3) % 12)
    return { number, side, left: (number * 11) % (width - side), top: (number * 7) % (height - side) }
  })
  for (const { number, side, left, top } of squares) {
    const square = { width: side, height: side, channels: 3 as const, background: colours[number % 2]! }
    await sharp({ create: { width, height, channels: 3, background: { r: 110 + number, g: 128, b: 128 } } })
      .composite([{ input: { create: square }, left, top }])
      .jpeg()
      .toFile(join(folder, `${number}.jpg`))
  }
  const annotations = squares.map(({ number, side, left, top }) => {
    const own = { id: number + 1, image_id: number + 1, category_id: 1 + (number % 2) }
    return { ...own, bbox: [left, top, side, side], area: side * side, iscrowd: 0 }
  })
  const images = squares.map(({ number }) => ({ id: number + 1, file_name: `${number}.jpg`, width, height }))
  const categories = labels.map((name, at) => ({ id: at + 1, name }))
  await writeFile(join(folder, '_annotations.coco.json'), JSON.stringify({ images, annotations, categories }))
  return folder
}
