import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { reasonOf, writeAtomic } from '@mnas/core/files'
import type { PixelSource } from '../decoding/pixel-source.js'
import { imagesErrors } from '../errors.js'
import { wholeImage } from '../geometry/box.js'
import { mapConcurrently } from '../map-concurrently.js'
import { type CacheIndex, cacheFiles, openPixelCache } from './pixel-cache.js'

export interface BuildOptions {
  readonly images: number
  /** Where the pixels come from: the files. */
  readonly source: PixelSource
  /** Asked after each group with what could not be read so far; may throw to end the build. */
  readonly check: (unreadable: CacheIndex['unreadable']) => void
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>
  readonly report?: ((event: { readonly done: number; readonly total: number }) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Images decoded before their bytes are written: bounds memory. */
const groupSize = 64
export const temporaryMark = '.building-'

/**
 * Decodes every image once into `folder`, which appears whole by a rename. Several processes may build the same cache: the first to finish
 * wins, the others drop theirs. A failed or stopped build leaves nothing.
 * @throws MNAS_DATA_CACHE when the folder cannot be written, MNAS_DATA_UNREAD when a file cannot be read at the moment
 */
export async function buildPixelCache(folder: string, options: BuildOptions): Promise<void> {
  const temporary = `${folder}${temporaryMark}${randomUUID().slice(0, 8)}`
  try {
    await writing(folder, () => mkdir(temporary, { recursive: true }))
    await fill(temporary, folder, options)
    await publish(temporary, folder, options.images)
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function fill(temporary: string, folder: string, options: BuildOptions): Promise<void> {
  const pixels = await writing(folder, () => open(join(temporary, cacheFiles.pixels), 'wx'))
  try {
    const { sizes, unreadable } = await decodeAll(pixels, folder, options)
    await writing(folder, () => pixels.sync())
    const index: CacheIndex = { version: 1, images: options.images, unreadable }
    await writing(folder, () => writeAtomic(join(temporary, cacheFiles.sizes), sizes))
    await writing(folder, () => writeAtomic(join(temporary, cacheFiles.index), JSON.stringify(index)))
  } finally {
    await pixels.close()
  }
}

async function decodeAll(pixels: FileHandle, folder: string, options: BuildOptions) {
  const { images, source, whileWorking, report, signal, check } = options
  const sizes = Buffer.alloc(8 * images)
  const unreadable: { image: number; reason: string }[] = []
  for (let start = 0; start < images; start += groupSize) {
    const group = Array.from({ length: Math.min(groupSize, images - start) }, (_, index) => start + index)
    const decoded = await mapConcurrently(group, availableParallelism(), (image) => {
      signal?.throwIfAborted()
      return whileWorking(() => source.read(image, wholeImage))
    })
    for (const [index, stored] of decoded.entries()) {
      if ('reason' in stored) {
        // A cache is for ever.
        if (stored.unread !== undefined) throw imagesErrors.MNAS_DATA_UNREAD({ file: stored.unread, reason: stored.reason })
        unreadable.push({ image: start + index, reason: stored.reason })
        continue
      }
      sizes.writeUInt32LE(stored.width, 8 * (start + index))
      sizes.writeUInt32LE(stored.height, 8 * (start + index) + 4)
      await writing(folder, () => pixels.writeFile(stored.pixels))
    }
    check(unreadable)
    report?.({ done: start + group.length, total: images })
  }
  return { sizes, unreadable }
}

/** An unfit cache in the way is moved aside first; one that another process has just finished is kept. */
async function publish(temporary: string, folder: string, images: number): Promise<void> {
  if (await renamed(temporary, folder)) return
  const other = await openPixelCache(folder, images)
  if (other) return other.close()
  await writing(folder, async () => {
    const aside = `${temporary}-old`
    await rename(folder, aside).catch(() => undefined)
    await rename(temporary, folder)
    await rm(aside, { recursive: true, force: true })
  })
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
    return true
  } catch {
    return false
  }
}

async function writing<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const cause = (error as Error).cause ?? error
    throw imagesErrors.MNAS_DATA_CACHE({ folder, reason: reasonOf(cause) }, error)
  }
}
