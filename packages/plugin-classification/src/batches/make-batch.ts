import type { Preprocessing, SkippedFile, Split } from '@mnas/core/contracts'
import { type Augmentation, changePixels, chooseView } from '../augmentation/augmentation.js'
import { mixingShare, mixRows } from '../augmentation/mixup.js'
import { classificationErrors } from '../errors.js'
import type { Splits } from '../folder/split-images.js'
import { mapConcurrently } from '../map-concurrently.js'
import { type PathTable, pathAt } from '../path-table.js'
import type { StoredImage } from '../pixels/decode-image.js'
import { normalizePixels } from '../pixels/normalize-pixels.js'
import type { KnownSizes, PixelSource } from '../pixels/pixel-source.js'
import { renderView } from '../pixels/render-view.js'
import { type ChooseBox, wholeImage } from '../preprocessing.js'
import { batchRandom, exampleRandom } from '../random.js'

/** The examples of a data set, as plain data that a worker can be given. */
export interface Examples {
  readonly folder: string
  /** By image index, relative to folder. */
  readonly paths: PathTable
  /** Label index by image index. */
  readonly labelOf: Uint32Array
  readonly classes: number
  readonly splits: Splits
  readonly preprocessing: Preprocessing
  readonly known: KnownSizes
}

/** One batch to make. Plain data. */
export interface BatchTask {
  readonly split: Split
  readonly epoch: number
  /** Of the batch in its epoch. */
  readonly index: number
  readonly seed: number
  readonly inputSize: number
  readonly augmentation: Augmentation
  /** By label index. */
  readonly classWeights: readonly number[]
  /** Index of each row's example in its split; −1 = padding. */
  readonly rows: readonly number[]
  /** The pixel cache, or null to decode the files. */
  readonly cacheFolder: string | null
}

export interface BatchData {
  readonly image: Float32Array
  readonly labels: Float32Array
  readonly weight: Float32Array
  /** As delivered: an unreadable example is replaced by the next readable one of its split. */
  readonly examples: readonly number[]
  readonly unreadable: readonly SkippedFile[]
}

/** Images read at once; sharp decodes in threads of its own. */
const concurrency = 4

/** Makes a batch: a pure function of the task and the files. Padding rows are all zeros. */
export async function makeBatch(examples: Examples, source: PixelSource, task: BatchTask): Promise<BatchData> {
  const { inputSize, rows } = task
  const { classes } = examples
  const length = inputSize * inputSize * 3
  const image = new Float32Array(rows.length * length)
  const pixels = new Uint8Array(length) // of one example at a time: rendering does not wait
  const labels = new Float32Array(rows.length * classes)
  const weight = new Float32Array(rows.length)
  const unreadable = new Map<string, SkippedFile>()
  const delivered = await mapConcurrently(rows, concurrency, async (wanted, row) => {
    if (wanted < 0) return wanted
    const drawn = drawView(task, wanted)
    const { example, part } = await nextReadable(examples, source, task.split, wanted, drawn.choose, unreadable)
    const label = examples.labelOf[examples.splits[task.split][example]!]!
    drawn.render(part, pixels)
    normalizePixels(pixels, examples.preprocessing, image, row * length)
    labels[row * classes + label] = 1
    weight[row] = task.classWeights[label]!
    return example
  })
  const { mixup } = task.augmentation
  if (mixup) {
    const share = mixingShare(mixup.alpha, batchRandom(task.seed, task.epoch, task.index))
    mixRows({ image, labels, weight }, rows.length, share)
  }
  return { image, labels, weight, examples: delivered, unreadable: [...unreadable.values()] }
}

/** One example's random changes: first the part of the image, then, from the same random numbers, what happens to its pixels. */
function drawView({ inputSize, augmentation, seed, epoch }: BatchTask, example: number) {
  let random = exampleRandom(seed, epoch, example)
  let mirrored = false
  const choose: ChooseBox = (stored) => {
    random = exampleRandom(seed, epoch, example) // asked again for the next image when this one cannot be read
    const view = chooseView(stored, inputSize, augmentation, random)
    mirrored = view.mirrored
    return view.box
  }
  const render = (part: StoredImage, pixels: Uint8Array): void => {
    renderView(part, { box: wholeImage(part), mirrored }, inputSize, pixels)
    changePixels(pixels, inputSize, augmentation, random)
  }
  return { choose, render }
}

async function nextReadable(
  { folder, paths, splits }: Examples,
  source: PixelSource,
  split: Split,
  wanted: number,
  choose: ChooseBox,
  unreadable: Map<string, SkippedFile>,
): Promise<{ readonly example: number; readonly part: StoredImage }> {
  const images = splits[split]
  for (let step = 0; step < images.length; step++) {
    const example = (wanted + step) % images.length
    const image = images[example]!
    const part = await source.read(image, choose)
    if (!('reason' in part)) return { example, part }
    const file = pathAt(paths, image)
    unreadable.set(file, { file, reason: part.reason })
  }
  const broken = [...unreadable.values()].map(({ file, reason }) => `${file} (${reason})`)
  throw classificationErrors.MNAS_DATA_BROKEN({
    folder,
    broken: broken.length,
    files: images.length,
    examples: broken.slice(0, 3),
  })
}
