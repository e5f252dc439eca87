import type { Preprocessing } from '@mnas/core/contracts'
import type { PathTable } from '../listing/path-table.js'

/** Sizes of the pictures that were decoded whole and without fault, two numbers each; 0 = not yet. Shared by the threads that decode. */
export type KnownSizes = Uint16Array

export const knownSizes = (images: number): KnownSizes => new Uint16Array(new SharedArrayBuffer(4 * images))

/** Image files that become model inputs, as plain data that a thread can be given. */
export interface ImageFiles {
  readonly folder: string
  /** By image index, relative to folder. */
  readonly paths: PathTable
  readonly preprocessing: Preprocessing
  readonly known: KnownSizes
}
