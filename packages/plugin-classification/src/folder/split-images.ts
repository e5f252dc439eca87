import { hash } from 'node:crypto'
import type { Split } from '@mnas/core/contracts'
import { type LabelledFiles, partIndex } from '@mnas/images/layouts'
import { pathReader } from '@mnas/images/listing'
import { classificationErrors } from '../errors.js'

/** Share of each class that is set apart: for validation when there is no val/, then of the rest as held-out images. */
export const setApartFraction = 0.15

/** Indices into the images, ascending, per split; in shared memory. */
export type Splits = Readonly<Record<Split, Uint32Array>>

export interface SplitOptions {
  /** Validation images stand in a folder of their own; else they are set apart from the training images. */
  readonly ownValidation: boolean
  /** Every class must have enough to train on. */
  readonly training: boolean
}

/**
 * Divides the images, class by class, at least one per class and split. The choice depends on nothing but each image's own path (a hash of
 * it, with a fixed seed, is its place in the queue), so it is the same in every run and hardly changes when images are added.
 * @throws MNAS_DATA_TOO_FEW
 */
export function splitImages(images: LabelledFiles, labels: readonly string[], { ownValidation, training }: SplitOptions): Splits {
  const [validation, test] = [partIndex('validation'), partIndex('test')]
  const splitOf = Array.from(
    images.partOf,
    (part): Split => (part === validation ? 'validation' : part === test ? 'test' : 'train'),
  )
  const pathOf = pathReader(images.paths)
  for (const [index, own] of groupTraining(images, labels.length).entries()) {
    if (training) requireEnough(labels[index]!, own.length, ownValidation ? 2 : 3)
    if (own.length === 0) continue
    const [apart, rest] = ownValidation ? [[], own] : setApart(own, pathOf, 'validation')
    const [held] = setApart(rest, pathOf, 'held-out')
    for (const image of apart) splitOf[image] = 'validation'
    for (const image of held) splitOf[image] = 'heldOut'
  }
  const of = (split: Split) => imagesWhere(splitOf, (own) => own === split)
  return {
    train: of('train'),
    heldOut: of('heldOut'),
    validation: of('validation'),
    test: of('test'),
    all: imagesWhere(splitOf, () => true),
  }
}

/** The training images of each label. */
function groupTraining({ labelOf, partOf }: LabelledFiles, labels: number): readonly (readonly number[])[] {
  const groups = Array.from({ length: labels }, (): number[] => [])
  const training = partIndex('training')
  for (const [image, label] of labelOf.entries()) if (partOf[image] === training) groups[label]!.push(image)
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

function imagesWhere(splitOf: readonly Split[], belongs: (split: Split) => boolean): Uint32Array {
  const count = splitOf.reduce((sum, own) => sum + (belongs(own) ? 1 : 0), 0)
  const images = new Uint32Array(new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT * count))
  let next = 0
  for (const [image, own] of splitOf.entries()) if (belongs(own)) images[next++] = image
  return images
}

/** How many of some images each label has. */
export function countLabels(images: Uint32Array, labelOf: Uint32Array, labels: number): readonly number[] {
  const counts = Array.from({ length: labels }, () => 0)
  for (const image of images) counts[labelOf[image]!]!++
  return counts
}
