import { join } from 'node:path'
import type { Hash, OpenOptions } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { decoderVersion } from '../decoding/decode-image.js'
import { fileSource } from '../decoding/file-source.js'
import type { ImageFiles } from '../decoding/image-files.js'
import { type Kept, keptOf, storageSize, storedSize } from '../geometry/stored-form.js'
import { pathAt } from '../listing/path-table.js'
import type { BrokenFiles } from '../scanning/broken-files.js'
import type { Images } from '../scanning/scan-images.js'
import { buildPixelCache } from './build-pixel-cache.js'
import { makeRoom } from './make-room.js'
import { type CacheIndex, openPixelCache } from './pixel-cache.js'

/** What is known of a folder of images once it is listed and scanned. */
export interface ImageFolder<Files extends ImageFiles = ImageFiles> {
  /** Scan.contents. */
  readonly contents: Hash
  readonly images: Images
  readonly files: Files
  readonly broken: BrokenFiles
}

/**
 * Finds or builds the cache of an image folder for an input size.
 * @returns its folder, or null when it does not fit the limit and the files are to be decoded each time
 * @throws MNAS_DATA_CACHE, MNAS_DATA_BROKEN
 */
export async function preparePixelCache(data: ImageFolder, options: OpenOptions, inputSize: number): Promise<string | null> {
  const { files, broken } = data
  const images = files.paths.ends.length
  const { cacheLimitBytes, report, signal, whileWorking = (work) => work() } = options
  if (cacheLimitBytes <= 0) return null
  const caches = join(options.cacheFolder, 'data')
  const short = storageSize(inputSize, files.preprocessing)
  const kept = keptOf(files.preprocessing)
  const folder = join(caches, await cacheName(data.contents, short, kept))
  const check = (unreadable: CacheIndex['unreadable']) =>
    broken.add(unreadable.map(({ image, reason }) => ({ file: pathAt(files.paths, image), reason })))
  const existing = await openPixelCache(folder, images)
  if (existing) {
    existing.close()
    check(existing.index.unreadable)
    return folder
  }
  if (!(await makeRoom(caches, storedBytes(data.images, short), cacheLimitBytes))) return null
  const source = fileSource(files, short, { kept, aside: true })
  await buildPixelCache(folder, { images, source, check, whileWorking, report, signal })
  return folder
}

/** Named after everything the bytes depend on: the files, their stored form, the decoder. */
async function cacheName(contents: Hash, short: number, kept: Kept): Promise<string> {
  const decoder = hashBytes(await decoderVersion())
  return `${contents.slice(0, 32)}-${short}${kept === 'whole' ? 'whole' : ''}-${decoder.slice(0, 8)}`
}

/** EXIF rotation swaps width and height, so the sum is exact without knowing it. */
function storedBytes({ widths, heights }: Images, short: number): number {
  return widths.reduce((sum, imageWidth, index) => {
    const { width, height } = storedSize({ width: imageWidth, height: heights[index]! }, short)
    return sum + 3 * width * height
  }, 0)
}
