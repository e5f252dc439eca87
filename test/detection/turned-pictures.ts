import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'

/** As people see the pictures; they are stored on their side. */
export const shown = { width: 72, height: 48 }

export interface Square {
  readonly x: number
  readonly y: number
  readonly side: number
}

/** What is red in each picture, in pixels of the picture as shown. */
export const squares: readonly Square[] = Array.from({ length: 8 }, (_, number) => {
  const side = 20 + ((number * 5) % 9)
  return { side, x: (number * 17) % (shown.width - side), y: (number * 7) % (shown.height - side) }
})

/** FOLDER/train, val and test with the same pictures of one red square, turned by EXIF 6, as COCO annotates them: as they are shown. */
export async function turnedPictures(folder: string): Promise<void> {
  const numbered = [...squares.entries()]
  const images = numbered.map(([number]) => ({ id: number + 1, file_name: `${number}.jpg`, ...shown }))
  const annotations = numbered.map(([number, { x, y, side }]) => {
    const own = { id: number + 1, image_id: number + 1, category_id: 1 }
    return { ...own, bbox: [x, y, side, side], area: side * side, iscrowd: 0 }
  })
  const written = JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'red' }] })
  for (const part of ['train', 'val', 'test']) {
    await mkdir(join(folder, part), { recursive: true })
    await writeFile(join(folder, part, '_annotations.coco.json'), written)
    for (const [number, square] of numbered) await writeTurned(join(folder, part, `${number}.jpg`), square)
  }
}

/** A quarter turn to the right shows it: what is seen at (x, y) is stored at (y, width − x − side). */
async function writeTurned(file: string, { x, y, side }: Square): Promise<void> {
  const stored = { width: shown.height, height: shown.width }
  await draw(stored, { x: y, y: shown.width - x - side, side })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toFile(file)
}

/** The same to look at, stored as it is shown. */
export async function writeUpright(file: string, square: Square): Promise<void> {
  await draw(shown, square).png().toFile(file)
}

function draw(picture: { readonly width: number; readonly height: number }, { x, y, side }: Square): Sharp {
  const red = { width: side, height: side, channels: 3 as const, background: '#e01010' }
  return sharp({ create: { ...picture, channels: 3, background: '#808080' } }).composite([
    { input: { create: red }, left: x, top: y },
  ])
}
