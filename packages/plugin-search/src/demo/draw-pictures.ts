import { join } from 'node:path'
import { writeAtomic } from '@mnas/core/files'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { drawPicture, type PictureLabel, pictureLabels } from './draw-picture.js'

export interface PictureSet {
  readonly folder: string
  /** Of each label. */
  readonly training: number
  readonly validation: number
  /** Side in pixels. */
  readonly size: number
  readonly seed: number
}

/**
 * Draws a labelled set in ImageNet's layout (`train/LABEL`, `val/LABEL`), JPEG and PNG in turn. The same seed gives the same
 * pictures.
 */
export async function drawPictures(
  set: PictureSet,
  onPicture: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  const random = xoroshiro128plus(set.seed)
  const total = (set.training + set.validation) * pictureLabels.length
  let done = 0
  for (const [part, count] of [
    ['train', set.training],
    ['val', set.validation],
  ] as const) {
    for (const label of pictureLabels) {
      for (let index = 0; index < count; index++) {
        await writePicture(join(set.folder, part, label), label, index, set.size, drawPicture(label, set.size, random))
        onPicture(++done, total)
      }
    }
  }
}

async function writePicture(folder: string, label: PictureLabel, index: number, size: number, pixels: Uint8Array): Promise<void> {
  const { default: sharp } = await import('sharp')
  const picture = sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
  const name = `${label}-${String(index).padStart(3, '0')}`
  if (index % 2 === 0) await writeAtomic(join(folder, `${name}.jpg`), await picture.jpeg({ quality: 90 }).toBuffer())
  else await writeAtomic(join(folder, `${name}.png`), await picture.png().toBuffer())
}
