import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '@mnas/core/files'
import { type DecodedImage, decodeFailure, decodeImage, decodePart, type StoredImage } from './decode-image.js'
import { type PathTable, pathAt } from './path-table.js'
import { type Box, type Size, storedSize } from './preprocessing.js'

/** An image that turned out not to be readable. */
export interface Unreadable {
  readonly reason: string
}

/** Which part of a stored image of that size is wanted. */
export type ChooseBox = (stored: Size) => Box

export const wholeImage: ChooseBox = ({ width, height }) => ({ left: 0, top: 0, width, height })

/** Parts of stored images by index, of one short side: from the cache or decoded from the files, the same bytes. */
export interface PixelSource {
  read(image: number, choose: ChooseBox): Promise<StoredImage | Unreadable>
  close(): void
}

/** Sizes of the pictures that were decoded whole and without fault, two numbers each; 0 = not yet. Shared by the threads that decode. */
export type KnownSizes = Uint16Array

export const knownSizes = (images: number): KnownSizes => new Uint16Array(new SharedArrayBuffer(4 * images))

/**
 * Decodes from the files. The first time an image is decoded whole, so that damage anywhere is found, whatever part is wanted; from then on
 * only the part.
 * @param paths relative to folder, by image index. @param short pixels of the short side of what is read
 */
export function fileSource(folder: string, paths: PathTable, short: number, known: KnownSizes): PixelSource {
  return {
    read(image, choose) {
      const file = join(folder, pathAt(paths, image))
      const upright = { width: known[2 * image]!, height: known[2 * image + 1]! }
      return upright.height > 0 ? readPart(file, upright, short, choose) : readWhole(file, image, choose)
    },
    close: () => undefined,
  }

  async function readWhole(file: string, image: number, choose: ChooseBox): Promise<StoredImage | Unreadable> {
    const stored = await readStored(file, short)
    if ('reason' in stored) return stored
    const { width, height } = stored.upright
    if (Math.max(width, height) <= 0xffff) known.set([width, height], 2 * image)
    return cutBox(stored, choose(stored))
  }
}

async function readPart(file: string, upright: Size, short: number, choose: ChooseBox): Promise<StoredImage | Unreadable> {
  return decoded(file, async (bytes) => {
    const box = choose(storedSize(upright, short))
    return { width: box.width, height: box.height, pixels: await decodePart(bytes, upright, short, box) }
  })
}

/** One file, whole. */
export function readStored(file: string, short: number): Promise<DecodedImage | Unreadable> {
  return decoded(file, (bytes) => decodeImage(bytes, short))
}

async function decoded<T>(file: string, decode: (bytes: Buffer) => Promise<T>): Promise<T | Unreadable> {
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

export function cutBox(image: StoredImage, { left, top, width, height }: Box): StoredImage {
  if (width === image.width && height === image.height) return image
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3
    pixels.set(image.pixels.subarray(from, from + width * 3), y * width * 3)
  }
  return { width, height, pixels }
}
