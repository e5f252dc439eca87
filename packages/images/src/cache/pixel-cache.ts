import { closeSync, openSync, readSync } from 'node:fs'
import { readFile, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { PixelSource, Unreadable } from '../decoding/pixel-source.js'
import { cutBox, type StoredImage } from '../decoding/stored-image.js'

/**
 * A pixel cache is a folder that appears whole:
 *   cache.json   how many images, and which could not be decoded; its time is that of the last use
 *   sizes.bin    uint32 little-endian width, height per image; 0, 0 for an unreadable one
 *   pixels.bin   the stored images, RGB bytes, one behind the other
 */
export const cacheFiles = { index: 'cache.json', sizes: 'sizes.bin', pixels: 'pixels.bin' } as const

const indexSchema = z.strictObject({
  version: z.literal(1),
  images: z.int().min(0),
  unreadable: z.array(z.strictObject({ image: z.int().min(0), reason: z.string() })),
})
export type CacheIndex = Readonly<z.infer<typeof indexSchema>>

export interface OpenCache extends PixelSource {
  readonly index: CacheIndex
}

/** Opens a cache, or says undefined when there is none or it does not fit: then it must be built (again). */
export async function openPixelCache(folder: string, images: number): Promise<OpenCache | undefined> {
  try {
    const index = indexSchema.parse(JSON.parse(await readFile(join(folder, cacheFiles.index), 'utf8')))
    const sizes = await readSizes(folder)
    const offsets = offsetsOf(sizes)
    const pixels = await stat(join(folder, cacheFiles.pixels))
    if (index.images !== images || sizes.length !== 2 * images || pixels.size !== offsets[images]) return undefined
    const now = new Date()
    await utimes(join(folder, cacheFiles.index), now, now).catch(() => undefined) // a cache that may only be read is still one
    return cacheSource(openSync(join(folder, cacheFiles.pixels), 'r'), index, sizes, offsets)
  } catch {
    return undefined
  }
}

async function readSizes(folder: string): Promise<Uint32Array> {
  const bytes = await readFile(join(folder, cacheFiles.sizes))
  return Uint32Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readUInt32LE(4 * index))
}

/** Byte at which each image begins; the last entry is the length of the file. */
function offsetsOf(sizes: Uint32Array): Float64Array {
  const offsets = new Float64Array((sizes.length >> 1) + 1)
  for (let image = 0; image + 1 < offsets.length; image++) {
    offsets[image + 1] = offsets[image]! + 3 * sizes[2 * image]! * sizes[2 * image + 1]!
  }
  return offsets
}

function cacheSource(file: number, index: CacheIndex, sizes: Uint32Array, offsets: Float64Array): OpenCache {
  const reasons = new Map(index.unreadable.map(({ image, reason }) => [image, reason]))
  return {
    index,
    async read(image, choose): Promise<StoredImage | Unreadable> {
      const reason = reasons.get(image)
      if (reason !== undefined) return { reason }
      const [width, height] = [sizes[2 * image]!, sizes[2 * image + 1]!]
      const box = choose({ width, height })
      const rows = new Uint8Array(width * box.height * 3)
      const read = readSync(file, rows, 0, rows.length, offsets[image]! + width * box.top * 3)
      if (read !== rows.length) return { reason: 'the pixel cache was cut short' }
      return cutBox({ width, height: box.height, pixels: rows }, { ...box, top: 0 })
    },
    close: () => closeSync(file),
  }
}
