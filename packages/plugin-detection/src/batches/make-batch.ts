import type { Json, Preprocessing, Size, Split } from '@mnas/core/contracts'
import { jitterColors } from '@mnas/images/augmentation'
import { type BatchTask, type MadeBatch, readRows } from '@mnas/images/batches'
import type { ImageFiles, PixelSource, StoredImage } from '@mnas/images/decoding'
import { frameOf, placingOf } from '@mnas/images/fitting'
import { exampleRandom } from '@mnas/images/random'
import { resampler } from '@mnas/images/resampling'
import type { Augmentation } from '../augmentation/augmentation.js'
import { randomView } from '../augmentation/random-view.js'
import { type PackedPhotos, type Photo, photoAt } from '../data/packed-photos.js'
import { anchorsOf } from '../targets/targets-of.js'
import { type TargetBoxes, writeTargets } from '../targets/write-targets.js'
import { learntBoxes } from './learnt-boxes.js'
import { boxesInPlace, type PlacedView, placeView } from './placed-view.js'
import { renderPlaced } from './render-placed.js'
import { toJson } from './truth.js'

/** The examples of a data set, as plain data that a worker can be given. */
export interface Examples extends ImageFiles {
  /** By image index. */
  readonly annotated: PackedPhotos
  readonly splits: Readonly<Record<Split, Uint32Array>>
}

/** One batch to make. Plain data. */
export interface ExamplesTask extends BatchTask {
  readonly split: Split
  readonly epoch: number
  readonly seed: number
  readonly augmentation: Augmentation
  /** As targetsOf gave it. */
  readonly targets: Parameters<typeof anchorsOf>[0]
  /** Index of each row's example in its split; −1 = padding. */
  readonly rows: readonly number[]
}

/** Makes a batch: a pure function of the task and the files. Padding rows are all zeros. Evaluations are told what is true of the photos. */
export async function makeBatch(examples: Examples, source: PixelSource, task: ExamplesTask): Promise<MadeBatch> {
  const { inputSize, rows, augmentation } = task
  const { preprocessing } = examples
  const anchors = anchorsOf(task.targets)
  const count = anchors.anchors.length / 4
  const length = inputSize * inputSize * 3
  const image = new Float32Array(rows.length * length)
  const pixels = new Uint8Array(length) // of one example at a time: rendering does not wait
  const targetClass = new Float32Array(rows.length * count)
  const targetBox = new Float32Array(rows.length * count * 4)
  const weight = new Float32Array(rows.length)
  const truth: (Json | null)[] = rows.map(() => null)
  const read = await readRows(
    examples,
    source,
    { split: examples.splits[task.split], rows, training: task.training },
    (wanted, row) => {
      const { choose, render } = drawExample(examples, task, wanted)
      const use = (part: StoredImage): void => {
        const { photo, boxes } = render(part, pixels)
        resampler.normalize(pixels, preprocessing, image, row * length)
        const targets = {
          targetClass: targetClass.subarray(row * count, (row + 1) * count),
          targetBox: targetBox.subarray(4 * row * count, 4 * (row + 1) * count),
        }
        writeTargets(anchors, boxes, augmentation.matching.overlap, targets)
        weight[row] = 1
        if (!task.training) truth[row] = truthJson(photo, inputSize, preprocessing)
      }
      return { choose, use }
    },
  )
  const inputs = {
    image: { dtype: 'float32', shape: [rows.length, inputSize, inputSize, 3], data: image },
    targetClass: { dtype: 'float32', shape: [rows.length, count], data: targetClass },
    targetBox: { dtype: 'float32', shape: [rows.length, count, 4], data: targetBox },
    weight: { dtype: 'float32', shape: [rows.length], data: weight },
  } as const
  return { inputs, ...read, ...(!task.training && { truth }) }
}

interface Drawn {
  readonly photo: Photo
  /** What is learnt of it: shares of the input. */
  readonly boxes: TargetBoxes
}

/** One example's random changes: first its view, then, from the same random numbers, what happens to its pixels. */
function drawExample({ annotated, preprocessing }: Examples, task: ExamplesTask, example: number) {
  const { inputSize, augmentation, seed, epoch } = task
  const { fit, mean } = preprocessing
  const ground = fit.kind === 'letterbox' ? fit.fill : ([Math.round(mean[0]), Math.round(mean[1]), Math.round(mean[2])] as const)
  let random = exampleRandom(seed, epoch, example)
  let shown: { readonly placed: PlacedView; readonly photo: Photo; readonly all: TargetBoxes } | null = null
  const choose = (stored: Size, image: number) => {
    random = exampleRandom(seed, epoch, example) // asked again for the next image when this one cannot be read
    const photo = photoAt(annotated, image)
    const all = learntBoxes(photo)
    const view = randomView(photo, all.boxes, augmentation, random)
    const placed = placeView(stored, photo, view, inputSize, fit)
    shown = { placed, photo, all }
    return placed.from
  }
  const render = (part: StoredImage, pixels: Uint8Array): Drawn => {
    const { placed, photo, all } = shown!
    renderPlaced(part, placed, inputSize, ground, pixels)
    if (augmentation.colorJitter) jitterColors(pixels, augmentation.colorJitter, random)
    return { photo, boxes: boxesInPlace(all, placed, inputSize) }
  }
  return { choose, render }
}

function truthJson(photo: Photo, inputSize: number, { fit }: Pick<Preprocessing, 'fit'>): Json {
  return toJson({
    id: photo.id,
    frame: frameOf(photo, placingOf(photo, inputSize, fit)),
    boxes: photo.boxes.map(({ label, box, area, crowd, difficult }) => ({ label, box, area, crowd: crowd || difficult })),
  })
}
