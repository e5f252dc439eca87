import type { Split } from '@mnas/core/contracts'
import { type BatchTask, type MadeBatch, readRows } from '@mnas/images/batches'
import type { ImageFiles, PixelSource, StoredImage } from '@mnas/images/decoding'
import { type ChooseBox, wholeImage } from '@mnas/images/geometry'
import { batchRandom, exampleRandom } from '@mnas/images/random'
import { renderView, resampler } from '@mnas/images/resampling'
import { type Augmentation, changePixels, chooseView } from '../augmentation/augmentation.js'
import { mixingShare, mixRows } from '../augmentation/mixup.js'
import type { Splits } from '../folder/split-images.js'

/** The examples of a data set, as plain data that a worker can be given. */
export interface Examples extends ImageFiles {
  /** Label index by image index. */
  readonly labelOf: Uint32Array
  readonly classes: number
  readonly splits: Splits
}

/** One batch to make. Plain data. */
export interface ExamplesTask extends BatchTask {
  readonly split: Split
  readonly epoch: number
  /** Of the batch in its epoch. */
  readonly index: number
  readonly seed: number
  readonly augmentation: Augmentation
  /** By label index. */
  readonly classWeights: readonly number[]
  /** Index of each row's example in its split; −1 = padding. */
  readonly rows: readonly number[]
}

/** Makes a batch: a pure function of the task and the files. Padding rows are all zeros. */
export async function makeBatch(examples: Examples, source: PixelSource, task: ExamplesTask): Promise<MadeBatch> {
  const { inputSize, rows } = task
  const { classes, labelOf, preprocessing } = examples
  const length = inputSize * inputSize * 3
  const image = new Float32Array(rows.length * length)
  const pixels = new Uint8Array(length) // of one example at a time: rendering does not wait
  const labels = new Float32Array(rows.length * classes)
  const weight = new Float32Array(rows.length)
  const read = await readRows(
    examples,
    source,
    { split: examples.splits[task.split], rows, training: task.training },
    (wanted, row) => {
      const { choose, render } = drawView(task, wanted)
      const use = (part: StoredImage, index: number): void => {
        render(part, pixels)
        resampler.normalize(pixels, preprocessing, image, row * length)
        labels[row * classes + labelOf[index]!] = 1
        weight[row] = task.classWeights[labelOf[index]!]!
      }
      return { choose, use }
    },
  )
  const { mixup } = task.augmentation
  if (mixup) {
    const share = mixingShare(mixup.alpha, batchRandom(task.seed, task.epoch, task.index))
    mixRows({ image, labels, weight }, rows.length, share)
  }
  const inputs = {
    image: { dtype: 'float32', shape: [rows.length, inputSize, inputSize, 3], data: image },
    labels: { dtype: 'float32', shape: [rows.length, classes], data: labels },
    weight: { dtype: 'float32', shape: [rows.length], data: weight },
  } as const
  return { inputs, ...read }
}

/** One example's random changes: first the part of the image, then, from the same random numbers, what happens to its pixels. */
function drawView({ inputSize, augmentation, seed, epoch }: ExamplesTask, example: number) {
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
