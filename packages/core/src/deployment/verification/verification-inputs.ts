import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type {
  Batch,
  BatchPlan,
  Dataset,
  Graph,
  JsonObject,
  Preprocessing,
  Split,
  Tensor,
  Tensors,
} from '../../contracts/index.js'

/** What both sides of a verification are given: full batches; an example of −1 is padding. */
export type VerificationBatch = Pick<Batch, 'inputs' | 'truth' | 'examples'>

export const verificationBatchSize = 8

/** Which images, and how they are read. */
export interface ValidationRequest {
  readonly dataset: Dataset
  readonly split: Split
  readonly inputSize: number
  readonly targets: JsonObject
  /** At most so many. */
  readonly images: number
  /** Identities of images that are left out. Default: none. */
  readonly except?: ReadonlySet<bigint>
  readonly workers: number
  readonly signal: AbortSignal
}

/**
 * Images of a split, without those that are left out: all of them, or so many spread evenly over the split, which lies in order of class: its
 * beginning is no sample of it.
 */
export async function* validationBatches(request: ValidationRequest): AsyncGenerator<VerificationBatch> {
  const wanted = wantedOf(request)
  let left = request.images
  for await (const { inputs, truth, examples } of spreadBatches(request, wanted)) {
    const kept = examples.map((example) => (wanted(example) && left-- > 0 ? example : -1))
    if (kept.some((example) => example >= 0)) yield { inputs, ...(truth && { truth }), examples: kept }
  }
}

/** Whether an example is one of the split and not left out. */
function wantedOf({ dataset, split, except = new Set() }: ValidationRequest): (example: number) => boolean {
  const size = dataset.size(split)
  const identities = except.size > 0 ? dataset.identities?.(split) : undefined
  return (example) => example >= 0 && example < size && !except.has(identities?.[example] ?? -1n)
}

async function* spreadBatches(
  { dataset, split, inputSize, targets, images, workers, signal }: ValidationRequest,
  wanted: (example: number) => boolean,
): AsyncGenerator<VerificationBatch> {
  const batchSize = verificationBatchSize
  const plan: BatchPlan = {
    split,
    batchSize,
    inputSize,
    seed: 0,
    augmentation: {},
    training: false,
    targets,
    decoding: 'exact',
  }
  const all = dataset.batchesPerEpoch(plan)
  const drawn = drawBatches(all, images, wanted)
  if (drawn.length === all) {
    yield* dataset.batches(plan, { epoch: 0, index: 0 }, workers, signal)
    return
  }
  for (const index of drawn) {
    for await (const batch of dataset.batches(plan, { epoch: 0, index }, 0, signal)) {
      yield batch
      break
    }
  }
}

/**
 * As few batches as hold so many wanted images, spread evenly over those that hold any; all of these where there are not so many.
 * @param all how many batches the split has; its examples lie in them in order
 */
function drawBatches(all: number, images: number, wanted: (example: number) => boolean): readonly number[] {
  const wantedIn = Array.from({ length: all }, (_, index) => {
    const first = index * verificationBatchSize
    return Array.from({ length: verificationBatchSize }, (__, row) => first + row).filter(wanted).length
  })
  const holding = wantedIn.flatMap((count, index) => (count > 0 ? [index] : []))
  for (let batches = Math.ceil(images / verificationBatchSize); batches < holding.length; batches++) {
    const drawn = Array.from({ length: batches }, (_, i) => holding[Math.floor((i * holding.length) / batches)]!)
    if (drawn.reduce((sum, index) => sum + wantedIn[index]!, 0) >= images) return drawn
  }
  return holding
}

/** Images of pixels drawn evenly from 0 to 255, normalised like the task's. They check arithmetic, not what the model says of photos. */
export async function* syntheticBatches(
  graph: Graph,
  preprocessing: Preprocessing,
  images: number,
  seed: number,
): AsyncGenerator<VerificationBatch> {
  const random = xoroshiro128plus(seed)
  const uniform = () => (random.next() >>> 0) / 2 ** 32
  const draw = (shape: readonly number[]): Tensor => {
    const { mean, std } = preprocessing
    const full = [verificationBatchSize, ...shape]
    const length = full.reduce((product, side) => product * side, 1)
    const data = Float32Array.from({ length }, (_, i) => (255 * uniform() - (mean[i % 3] ?? 0)) / (std[i % 3] ?? 1))
    return { dtype: 'float32', shape: full, data }
  }
  for (let first = 0; first < images; first += verificationBatchSize) {
    const inputs: Tensors = Object.fromEntries(Object.entries(graph.inputs).map(([name, { shape }]) => [name, draw(shape)]))
    const examples = Array.from({ length: verificationBatchSize }, (_, i) => (first + i < images ? first + i : -1))
    yield { inputs, examples }
  }
}
