import { digestBytes, type ScanTable } from './scan-table.js'

/** A number for each image, equal for files of the same size, first and last 4 KiB. Of others they are equal once in 10¹⁹ pairs. */
export type Identities = BigUint64Array

/** @param rows of the table */
export function identitiesOf({ digests, sizeBytes }: ScanTable, rows: Uint32Array): Identities {
  const words = new Uint32Array(digests.buffer, digests.byteOffset, digests.byteLength / 4)
  const halves = new Uint32Array(2 * rows.length)
  for (const [image, row] of rows.entries()) {
    const at = (digestBytes / 4) * row
    halves[2 * image] = words[at]! ^ sizeBytes[row]!
    halves[2 * image + 1] = words[at + 1]! ^ (sizeBytes[row]! / 2 ** 32)
  }
  return new BigUint64Array(halves.buffer)
}

/** Those of some images. */
export function identitiesAt(identities: Identities, images: Uint32Array): Identities {
  const selected = new BigUint64Array(images.length)
  for (let index = 0; index < images.length; index++) selected[index] = identities[images[index]!]!
  return selected
}

/** @returns how many of some images are among `others` too */
export function copyCounter(others: Identities): (some: Identities) => number {
  const sorted = others.slice().sort()
  return (some) => some.reduce((count, identity) => count + (includes(sorted, identity) ? 1 : 0), 0)
}

function includes(sorted: Identities, wanted: bigint): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return sorted[low] === wanted
}
