import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '@mnas/core/files'
import { decodeFailure, decodeImage, type StoredImage } from './decode-image.js'

/** An image that turned out not to be readable. */
export interface Unreadable {
  readonly reason: string
}

/** Stored images by index, for one input size: from the cache or decoded from the files, the same bytes. */
export interface PixelSource {
  read(image: number): Promise<StoredImage | Unreadable>
  close(): void
}

/** @param paths relative to folder, by image index */
export function fileSource(folder: string, paths: readonly string[], inputSize: number): PixelSource {
  return {
    read: (image) => readStored(join(folder, paths[image]!), inputSize),
    close: () => undefined,
  }
}

export async function readStored(file: string, inputSize: number): Promise<StoredImage | Unreadable> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    return { reason: reasonOf(error) }
  }
  try {
    return await decodeImage(bytes, inputSize)
  } catch (error) {
    return { reason: decodeFailure(error) }
  }
}
