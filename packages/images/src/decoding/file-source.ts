import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Size } from '@mnas/core/contracts'
import { reasonOf } from '@mnas/core/files'
import { pathAt } from '../listing/path-table.js'
import { decodeFailure, decodePart } from './decode-image.js'
import type { DecodeOptions } from './decode-options.js'
import type { ImageFiles } from './image-files.js'
import type { PixelSource, Unreadable } from './pixel-source.js'
import type { WantedPart } from './stored-image.js'

/**
 * Decodes from the files. Damage anywhere in an image is found the first time, whatever part is wanted.
 * @param short pixels of the short side of what is read
 */
export function fileSource(
  { folder, paths, known }: Pick<ImageFiles, 'folder' | 'paths' | 'known'>,
  short: number,
  { kept, ...options }: DecodeOptions & Pick<WantedPart, 'kept'> = {},
): PixelSource {
  return {
    async read(image, choose) {
      const [width, height] = [known[2 * image]!, known[2 * image + 1]!]
      const upright = height > 0 ? { width, height } : undefined
      const part = await decoded(join(folder, pathAt(paths, image)), (bytes) =>
        decodePart(bytes, { short, kept, choose, upright }, options),
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

/** What a file is decoded to, or why it is not. */
export async function decoded<T>(file: string, decode: (bytes: Buffer) => Promise<T>): Promise<T | Unreadable> {
  let bytes: Buffer
  try {
    bytes = readFileSync(file) // a tenth of the processor time of a promise's four trips through the thread pool
  } catch (error) {
    return { reason: reasonOf(error), unread: file }
  }
  try {
    return await decode(bytes)
  } catch (error) {
    return { reason: decodeFailure(error) }
  }
}
