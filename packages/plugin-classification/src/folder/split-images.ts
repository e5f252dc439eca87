import { hash } from 'node:crypto'
import type { Split } from '@mnas/core/contracts'
import { pathReader } from '@mnas/images/listing'
import { classificationErrors } from '../errors.js'
import type { LabelledFiles } from './list-images.js'

/** Share of each class that is set apart: for validation when there is no val/, then of the rest as held-out images. */
export const setApartFraction = 0.15

/** Indices into the images, ascending, per split; in shared memory. */
export type Splits = Readonly<Record<Split, Uint32Array>>

/**
 * Divides the images, class by class, at least one per class and split. The choice depends on nothing but each image's own path (a hash of
 * it, with a fixed seed, is its place in the queue), so it is the same in every run and hardly changes when images are added.
 * @throws MNAS_DATA_TOO_FEW
 */
export function splitImages(images: LabelledFiles, labels: readonly string[], hasValidation: boolean): Splits {
  const splitOf = new Array<Split>(images.labelOf.length).fill('train').fill('validation', images.training)
  const pathOf = pathReader(images.paths)
  for (const [index, own] of groupTraining(images, labels.length).entries()) {
    requireEnough(labels[index]!, own.length, hasValidation ? 2 : 3)
    const [apart, rest] = hasValidation ? [[], own] : setApart(own, pathOf, 'validation')
    const [held] = setApart(rest, pathOf, 'held-out')
    for (const image of apart) splitOf[image] = 'validation'
    for (const image of held) splitOf[image] = 'heldOut'
  }
  return { train: imagesOf(splitOf, 'train'), heldOut: imagesOf(splitOf, 'heldOut'), validation: imagesOf(splitOf, 'validation') }
}

/** The training images of each label. */
function groupTraining({ labelOf, training }: LabelledFiles, labels: number): readonly (readonly number[])[] {
  const groups = Array.from({ length: labels }, (): number[] => [])
  for (let image = 0; image < training; image++) groups[labelOf[image]!]!.push(image)
  return groups
}

function requireEnough(label: string, received: number, expected: number): void {
  if (received < expected) throw classificationErrors.MNAS_DATA_TOO_FEW({ label, expected, received })
}

/** The images that come first in the queue for a purpose, and the others. */
function setApart(
  candidates: readonly number[],
  pathOf: (image: number) => string,
  purpose: string,
): readonly [apart: readonly number[], rest: readonly number[]] {
  const count = Math.max(1, Math.round(setApartFraction * candidates.length))
  const queue = candidates.map((index) => ({ index, place: placeOf(pathOf(index), purpose) }))
  queue.sort((a, b) => (a.place < b.place ? -1 : 1))
  const indices = queue.map(({ index }) => index)
  return [indices.slice(0, count), indices.slice(count)]
}

const placeOf = (path: string, purpose: string) => hash('sha256', `mnas split 1\0${purpose}\0${path.normalize('NFC')}`)

function imagesOf(splitOf: readonly Split[], split: Split): Uint32Array {
  const count = splitOf.reduce((sum, own) => sum + (own === split ? 1 : 0), 0)
  const images = new Uint32Array(new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT * count))
  let next = 0
  for (const [image, own] of splitOf.entries()) if (own === split) images[next++] = image
  return images
}
