import { createHash } from 'node:crypto'
import type { Split } from '@mnas/core/contracts'
import { classificationErrors } from './errors.js'
import type { ImageFile } from './scan-images.js'

/** Share of each class that is set apart: for validation when there is no val/, then of the rest as held-out images. */
export const setApartFraction = 0.15

/** Indices into the images, ascending, per split. */
export type Splits = Readonly<Record<Split, readonly number[]>>

/**
 * Divides the images, class by class, at least one per class and split. The choice depends on nothing but each image's own path (a hash of
 * it, with a fixed seed, is its place in the queue), so it is the same in every run and hardly changes when images are added.
 * @throws MNAS_DATA_TOO_FEW
 */
export function splitImages(images: readonly ImageFile[], labels: readonly string[], hasValidation: boolean): Splits {
  const validation = images.flatMap(({ part }, index) => (part === 'validation' ? [index] : []))
  const train: number[] = []
  const heldOut: number[] = []
  const byLabel = groupTraining(images, labels)
  for (const [label, own] of byLabel) {
    requireEnough(label, own.length, hasValidation ? 2 : 3)
    const [apart, rest] = hasValidation ? [[], own] : setApart(own, images, 'validation')
    const [held, trained] = setApart(rest, images, 'held-out')
    validation.push(...apart)
    heldOut.push(...held)
    train.push(...trained)
  }
  return { train: ascending(train), heldOut: ascending(heldOut), validation: ascending(validation) }
}

function groupTraining(images: readonly ImageFile[], labels: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>(labels.map((label) => [label, []]))
  for (const [index, { part, label }] of images.entries()) if (part === 'training') groups.get(label)?.push(index)
  return groups
}

function requireEnough(label: string, received: number, expected: number): void {
  if (received < expected) throw classificationErrors.MNAS_DATA_TOO_FEW({ label, expected, received })
}

/** The images that come first in the queue for a purpose, and the others. */
function setApart(
  candidates: readonly number[],
  images: readonly ImageFile[],
  purpose: string,
): readonly [apart: readonly number[], rest: readonly number[]] {
  const count = Math.max(1, Math.round(setApartFraction * candidates.length))
  const queue = candidates.map((index) => ({ index, place: placeOf(images[index]!.path, purpose) }))
  queue.sort((a, b) => (a.place < b.place ? -1 : 1))
  const indices = queue.map(({ index }) => index)
  return [indices.slice(0, count), indices.slice(count)]
}

const placeOf = (path: string, purpose: string) =>
  createHash('sha256')
    .update(`mnas split 1\0${purpose}\0${path.normalize('NFC')}`)
    .digest('hex')

const ascending = (indices: readonly number[]) => [...indices].sort((a, b) => a - b)
