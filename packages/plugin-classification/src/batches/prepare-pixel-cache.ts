import { join } from 'node:path'
import type { Hash, OpenOptions } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import type { Images } from '../folder/scan-images.js'
import { pathAt } from '../path-table.js'
import { buildPixelCache } from '../pixels/build-pixel-cache.js'
import { decoderVersion } from '../pixels/decode-image.js'
import { makeRoom } from '../pixels/make-room.js'
import { type CacheIndex, openPixelCache } from '../pixels/pixel-cache.js'
import { fileSource } from '../pixels/pixel-source.js'
import { storageSize, storedSize } from '../preprocessing.js'
import type { ImageFolder } from './image-folder.js'

/**
 * Finds or builds the cache of an image folder for an input size.
 * @returns its folder, or null when it does not fit the limit and the files are to be decoded each time
 * @throws MNAS_DATA_CACHE, MNAS_DATA_BROKEN
 */
export async function preparePixelCache(data: ImageFolder, options: OpenOptions, inputSize: number): Promise<string | null> {
  const { examples, broken } = data
  const images = data.images.labelOf.length
  const { cacheLimitBytes, report, signal, whileWorking = (work) => work() } = options
  if (cacheLimitBytes <= 0) return null
  const caches = join(options.cacheFolder, 'data')
  const short = storageSize(inputSize, examples.preprocessing)
  const folder = join(caches, await cacheName(data.fingerprint, short))
  const check = (unreadable: CacheIndex['unreadable']) =>
    broken.add(unreadable.map(({ image, reason }) => ({ file: pathAt(examples.paths, image), reason })))
  const existing = await openPixelCache(folder, images)
  if (existing) {
    existing.close()
    check(existing.index.unreadable)
    return folder
  }
  if (!(await makeRoom(caches, storedBytes(data.images, short), cacheLimitBytes))) return null
  const source = fileSource(examples.folder, examples.paths, short, examples.known, { aside: true })
  await buildPixelCache(folder, { images, source, check, whileWorking, report, signal })
  return folder
}

/** Named after everything the bytes depend on: the files, their stored size, the decoder. */
async function cacheName(fingerprint: Hash, short: number): Promise<string> {
  const decoder = hashBytes(await decoderVersion())
  return `${fingerprint.slice(0, 32)}-${short}-${decoder.slice(0, 8)}`
}

/** EXIF rotation swaps width and height, so the sum is exact without knowing it. */
function storedBytes({ widths, heights }: Images, short: number): number {
  return widths.reduce((sum, imageWidth, index) => {
    const { width, height } = storedSize({ width: imageWidth, height: heights[index]! }, short)
    return sum + 3 * width * height
  }, 0)
}
