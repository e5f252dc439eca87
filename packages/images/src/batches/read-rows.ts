import type { Size, SkippedFile } from '@mnas/core/contracts'
import type { ImageFiles } from '../decoding/image-files.js'
import type { PixelSource } from '../decoding/pixel-source.js'
import type { StoredImage } from '../decoding/stored-image.js'
import { imagesErrors } from '../errors.js'
import type { Box } from '../geometry/box.js'
import { pathAt } from '../listing/path-table.js'
import { mapConcurrently } from '../map-concurrently.js'

/** What becomes of one row of a batch. */
export interface RowReader {
  /** The part of the stored image that is wanted; asked again for the next image when one cannot be read. @param image index among the images */
  readonly choose: (stored: Size, image: number) => Box
  /** Called once, without waiting for others. @param image index among the images that was read */
  readonly use: (part: StoredImage, image: number) => void
}

export interface ReadRows {
  /** Example of each row, as delivered: an unreadable one is replaced by the next readable one of its split; −1 = padding. */
  readonly examples: readonly number[]
  readonly unreadable: readonly SkippedFile[]
}

/** Images read at once; sharp decodes in threads of its own. */
const concurrency = 4

/**
 * Reads the images of a batch's rows.
 * @param split image index of each example. @param rows example of each row; −1 = padding, which is left out
 * @throws MNAS_DATA_BROKEN when no image of the split can be read
 */
export async function readRows(
  files: ImageFiles,
  source: PixelSource,
  { split, rows }: { readonly split: Uint32Array; readonly rows: readonly number[] },
  readerOf: (example: number, row: number) => RowReader,
): Promise<ReadRows> {
  const unreadable = new Map<string, SkippedFile>()
  const examples = await mapConcurrently(rows, concurrency, async (wanted, row) => {
    if (wanted < 0) return wanted
    const { choose, use } = readerOf(wanted, row)
    const { example, part } = await nextReadable(files, source, split, wanted, choose, unreadable)
    use(part, split[example]!)
    return example
  })
  return { examples, unreadable: [...unreadable.values()] }
}

async function nextReadable(
  { folder, paths }: ImageFiles,
  source: PixelSource,
  split: Uint32Array,
  wanted: number,
  choose: RowReader['choose'],
  unreadable: Map<string, SkippedFile>,
): Promise<{ readonly example: number; readonly part: StoredImage }> {
  for (let step = 0; step < split.length; step++) {
    const example = (wanted + step) % split.length
    const image = split[example]!
    const part = await source.read(image, (stored) => choose(stored, image))
    if (!('reason' in part)) return { example, part }
    const file = pathAt(paths, image)
    unreadable.set(file, { file, reason: part.reason })
  }
  const broken = [...unreadable.values()].map(({ file, reason }) => `${file} (${reason})`)
  throw imagesErrors.MNAS_DATA_BROKEN({ folder, broken: broken.length, files: split.length, examples: broken.slice(0, 3) })
}
