import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '@mnas/core/files'
import { decodeFailure, decodeImage, type StoredImage } from './decode-image.js'

/** An image that turned out not to be readable. */
export interface Unreadable {
  readonly reason: string
}

/** Stored images by index, of one short side: from the cache or decoded from the files, the same bytes. */
export interface PixelSource {
  read(image: number): Promise<StoredImage | Unreadable>
  close(): void
}

/** @param paths relative to folder, by image index. @param short pixels of the short side of what is read */
export function fileSource(folder: string, paths: readonly string[], short: number): PixelSource {
  return {
    read: (image) => readStored(join(folder, paths[image]!), short),
    close: () => undefined,
  }
}

export async function readStored(file: string, short: number): Promise<StoredImage | Unreadable> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    return { reason: reasonOf(error) }
  }
  try {
    return await decodeImage(bytes, short)
  } catch (error) {
    return { reason: decodeFailure(error) }
  }
}
