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
  /** Example of each row, as delivered; −1 = padding. */
  readonly examples: readonly number[]
  readonly unreadable: readonly SkippedFile[]
}

/** Images read at once; sharp decodes in threads of its own. */
const concurrency = 4

interface WantedRows {
  /** Image index of each example. */
  readonly split: Uint32Array
  /** Example of each row; −1 = padding, which is left out. */
  readonly rows: readonly number[]
  /** An unreadable image is replaced by the next readable one of its split; else its row becomes padding, for no image may be judged twice. */
  readonly training: boolean
}

/**
 * Reads the images of a batch's rows.
 * @throws MNAS_DATA_BROKEN when no image of the split can be read
 */
export async function readRows(
  files: ImageFiles,
  source: PixelSource,
  { split, rows, training }: WantedRows,
  readerOf: (example: number, row: number) => RowReader,
): Promise<ReadRows> {
  const unreadable = new Map<string, SkippedFile>()
  const examples = await mapConcurrently(rows, concurrency, async (wanted, row) => {
    if (wanted < 0) return wanted
    const { choose, use } = readerOf(wanted, row)
    const found = await readable(files, source, { split, wanted, most: training ? split.length : 1 }, choose, unreadable)
    if (!found && training) throw noneReadable(files, split, unreadable)
    if (!found) return padding
    use(found.part, split[found.example]!)
    return found.example
  })
  return { examples, unreadable: [...unreadable.values()] }
}

const padding = -1

/** The wanted example, or the first of so many from it on that can be read; null: none. */
async function readable(
  { paths }: ImageFiles,
  source: PixelSource,
  { split, wanted, most }: { readonly split: Uint32Array; readonly wanted: number; readonly most: number },
  choose: RowReader['choose'],
  unreadable: Map<string, SkippedFile>,
): Promise<{ readonly example: number; readonly part: StoredImage } | null> {
  for (let step = 0; step < most; step++) {
    const example = (wanted + step) % split.length
    const image = split[example]!
    const part = await source.read(image, (stored) => choose(stored, image))
    if (!('reason' in part)) return { example, part }
    const file = pathAt(paths, image)
    unreadable.set(file, { file, reason: part.reason })
  }
  return null
}

function noneReadable({ folder }: ImageFiles, split: Uint32Array, unreadable: ReadonlyMap<string, SkippedFile>) {
  const broken = [...unreadable.values()].map(({ file, reason }) => `${file} (${reason})`)
  return imagesErrors.MNAS_DATA_BROKEN({ folder, broken: broken.length, files: split.length, examples: broken.slice(0, 3) })
}
