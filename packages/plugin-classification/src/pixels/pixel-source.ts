import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '@mnas/core/files'
import { type PathTable, pathAt } from '../path-table.js'
import type { ChooseBox, Size } from '../preprocessing.js'
import {
  type DecodedImage,
  type DecodeOptions,
  decodeFailure,
  decodeImage,
  decodePart,
  type StoredImage,
} from './decode-image.js'

/** An image that turned out not to be readable. */
export interface Unreadable {
  readonly reason: string
}

/** Parts of stored images by index, of one short side: from the cache or decoded from the files, the same bytes. */
export interface PixelSource {
  read(image: number, choose: ChooseBox): Promise<StoredImage | Unreadable>
  close(): void
}

/** Sizes of the pictures that were decoded whole and without fault, two numbers each; 0 = not yet. Shared by the threads that decode. */
export type KnownSizes = Uint16Array

export const knownSizes = (images: number): KnownSizes => new Uint16Array(new SharedArrayBuffer(4 * images))

/**
 * Decodes from the files. Damage anywhere in an image is found the first time, whatever part is wanted.
 * @param paths relative to folder, by image index. @param short pixels of the short side of what is read
 */
export function fileSource(
  folder: string,
  paths: PathTable,
  short: number,
  known: KnownSizes,
  options: DecodeOptions = {},
): PixelSource {
  return {
    async read(image, choose) {
      const [width, height] = [known[2 * image]!, known[2 * image + 1]!]
      const upright = height > 0 ? { width, height } : undefined
      const part = await decoded(join(folder, pathAt(paths, image)), (bytes) =>
        decodePart(bytes, { short, choose, upright }, options),
      )
      if (!('reason' in part) && !upright) remember(image, part.upright)
      return part
    },
    close: () => undefined,
  }

  function remember(image: number, { width, height }: Size): void {
    if (Math.max(width, height) <= 0xffff) known.set([width, height], 2 * image)
  }
}

/** One file, whole. */
export function readStored(file: string, short: number): Promise<DecodedImage | Unreadable> {
  return decoded(file, (bytes) => decodeImage(bytes, short))
}

async function decoded(file: string, decode: (bytes: Buffer) => Promise<DecodedImage>): Promise<DecodedImage | Unreadable> {
  let bytes: Buffer
  try {
    bytes = readFileSync(file) // a tenth of the processor time of a promise's four trips through the thread pool
  } catch (error) {
    return { reason: reasonOf(error) }
  }
  try {
    return await decode(bytes)
  } catch (error) {
    return { reason: decodeFailure(error) }
  }
}
