import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomic } from '@mnas/core/files'
import { exampleRandom } from '@mnas/images/random'
import { drawShapes } from './draw-shapes.js'
import { placeShapes, shapeLabels } from './place-shapes.js'

/** Pictures of shapes with their boxes. */
export interface ShapeSet {
  /** How many to train on, and to validate on. */
  readonly train: number
  readonly val: number
  /** Side in pixels. */
  readonly size: number
  readonly seed: number
}

/** Of each part, beside its pictures: written last. */
export const annotationsFile = '_annotations.coco.json'

/** Writes FOLDER/train and FOLDER/val, PNG, with their annotations as COCO has them. The same seed gives the same pictures. */
export async function writeShapes(
  folder: string,
  { seed, size, ...parts }: ShapeSet,
  onPicture: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  const { default: sharp } = await import('sharp')
  let done = 0
  for (const [part, name] of (['train', 'val'] as const).entries()) {
    const place = join(folder, name)
    await mkdir(place, { recursive: true })
    const images: object[] = []
    const annotations: object[] = []
    for (let id = 1; id <= parts[name]; id++) {
      const random = exampleRandom(seed, part, id)
      const shapes = placeShapes(random)
      const file = `${String(id).padStart(4, '0')}.png`
      await writeFile(join(place, file), await drawShapes(sharp, random, shapes, size))
      images.push({ id, file_name: file, width: size, height: size })
      for (const { label, box } of shapes) {
        const bbox = box.map((value) => value * size)
        const own = { id: annotations.length + 1, image_id: id, category_id: label + 1 }
        annotations.push({ ...own, bbox, area: bbox[2]! * bbox[3]!, iscrowd: 0 })
      }
      onPicture(++done, parts.train + parts.val)
    }
    const categories = shapeLabels.map((label, at) => ({ id: at + 1, name: label }))
    await writeAtomic(join(place, annotationsFile), JSON.stringify({ images, annotations, categories }))
  }
}
