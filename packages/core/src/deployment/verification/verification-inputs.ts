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

/** Images of a split: all of them, or so many spread evenly over the split, which lies in order of class: its beginning is no sample of it. */
export async function* validationBatches(request: ValidationRequest): AsyncGenerator<VerificationBatch> {
  const { dataset, split, except = new Set() } = request
  const identities = except.size > 0 ? dataset.identities?.(split) : undefined
  const wanted = (example: number) => example >= 0 && !except.has(identities?.[example] ?? -1n)
  let left = request.images
  for await (const { inputs, truth, examples } of spreadBatches(request)) {
    yield { inputs, ...(truth && { truth }), examples: examples.map((example) => (wanted(example) && left-- > 0 ? example : -1)) }
  }
}

async function* spreadBatches({
  dataset,
  split,
  inputSize,
  targets,
  images,
  workers,
  signal,
}: ValidationRequest): AsyncGenerator<VerificationBatch> {
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
  const wanted = Math.ceil(images / batchSize)
  if (wanted >= all) {
    yield* dataset.batches(plan, { epoch: 0, index: 0 }, workers, signal)
    return
  }
  for (let i = 0; i < wanted; i++) {
    for await (const batch of dataset.batches(plan, { epoch: 0, index: Math.floor((i * all) / wanted) }, 0, signal)) {
      yield batch
      break
    }
  }
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
