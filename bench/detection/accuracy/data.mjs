/** The pictures of bench/detection/accuracy.mjs, written into a folder that is given. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeShapes } from '../shapes.mjs'

const { openAnnotatedData } = await import(
  new URL('../../../packages/plugin-detection/dist/data/open-annotated-data.js', import.meta.url)
)
const archive = fileURLToPath(new URL('../../../../shared/data/coco137.tar', import.meta.url))
const annotationFile = '_annotations.coco.json'
const mostTries = 100

/** 400 pictures to train on and 100 to judge by. */
export async function shapesIn(folder) {
  await writeShapes(folder)
  const { splits } = await openAnnotatedData(folder)
  return {
    training: `${splits.train.length} of 400 drawn pictures, ${splits.heldOut.length} held out`,
    validation: splits.validation.length,
  }
}

/**
 * All 137 photos to train on and all 137 to judge by. `mnas train` holds a part of the training photos out: each is there twice,
 * under two names, and one of the two is always trained on. Which names are held out follows from a hash of them, so that a photo
 * of which both copies would be gets another second name.
 */
export async function coco137In(folder) {
  const unpacked = join(folder, 'unpacked')
  mkdirSync(unpacked, { recursive: true })
  execFileSync('tar', ['xf', archive, '-C', unpacked])
  const whole = JSON.parse(readFileSync(join(unpacked, 'coco137/instances.json'), 'utf8'))
  const photos = whole.images.map(({ file_name }) => basename(file_name))
  const from = join(unpacked, 'coco137/images')
  writePart(join(folder, 'val'), from, [named(whole, photos, (name) => name)])
  const seconds = new Map(photos.map((name) => [name, 0]))
  for (let left = mostTries; left > 0; left--) {
    rmSync(join(folder, 'train'), { recursive: true, force: true })
    const second = (name) => `again-${seconds.get(name)}-${name}`
    writePart(join(folder, 'train'), from, [named(whole, photos, (name) => name), named(whole, photos, second, 1e9)])
    const { splits } = await openAnnotatedData(folder)
    const photoOf = ({ file }) => basename(file).replace(/^again-\d+-/, '')
    const trained = new Set(splits.train.map(photoOf))
    const lost = photos.filter((name) => !trained.has(name))
    if (lost.length === 0) {
      rmSync(unpacked, { recursive: true })
      const [train, heldOut] = [splits.train.length, splits.heldOut.length]
      return {
        training: `all 137, ${train - photos.length} of them twice in an epoch; copies of ${heldOut} held out`,
        validation: splits.validation.length,
      }
    }
    for (const name of lost) seconds.set(name, seconds.get(name) + 1)
  }
  throw new Error(`In ${mostTries} tries some photo was always held out in both its copies`)
}

/** The annotations with other names of files and, for a second copy, other ids. */
function named({ images, annotations, categories }, photos, nameOf, shift = 0) {
  return {
    images: images.map((image, at) => ({ ...image, id: image.id + shift, file_name: nameOf(photos[at]) })),
    annotations: annotations.map(({ segmentation: _, ...box }) => ({
      ...box,
      ...{ id: box.id + shift, image_id: box.image_id + shift },
    })),
    categories,
    photos,
  }
}

function writePart(place, from, copies) {
  mkdirSync(place, { recursive: true })
  for (const { images, photos } of copies)
    for (const [at, { file_name }] of images.entries()) copyFileSync(join(from, photos[at]), join(place, file_name))
  const [{ categories }] = copies
  const all = (name) => copies.flatMap((copy) => copy[name])
  writeFileSync(
    join(place, annotationFile),
    JSON.stringify({ images: all('images'), annotations: all('annotations'), categories }),
  )
}
