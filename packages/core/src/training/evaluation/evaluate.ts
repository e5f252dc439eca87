import type {
  BatchPlan,
  Dataset,
  InferenceSession,
  JsonObject,
  Metrics,
  MetricsAccumulator,
  Parameter,
  Split,
  Tensor,
  Tensors,
} from '../../contracts/index.js'
import type { BatchRuntime } from '../runtime.js'
import { requireFinite } from './metric-not-finite.js'

/** Where batches come from. */
export interface BatchSource {
  readonly dataset: Dataset
  readonly inputSize: number
  readonly batchSize: number
  readonly seed: number
  /** `Task.targets` of the graph that is trained or evaluated. */
  readonly targets: JsonObject
  readonly runtime: BatchRuntime
}

/**
 * Runs every example of a split once through the inference meaning of the model.
 * @param decoding fast while a model is trained, exact for numbers that are told of it
 * @throws MetricNotFinite when the weights are spoiled
 */
export async function evaluateSplit(
  session: InferenceSession,
  source: BatchSource,
  split: Split,
  decoding: BatchPlan['decoding'],
  metrics: MetricsAccumulator,
): Promise<Metrics> {
  const { workers, whileWorking, signal } = source.runtime
  const plan = { ...planOf(source, split, false), decoding }
  for await (const batch of source.dataset.batches(plan, { epoch: 0, index: 0 }, workers, signal)) {
    signal.throwIfAborted()
    metrics.add(batch, await whileWorking(() => session.run(batch.inputs)))
  }
  return requireFinite(metrics.result(), split)
}

/**
 * Batch-norm statistics for an evaluation: the mean over full batches of batch mean and M/(M − 1) variance, on the weights being evaluated
 * (which `session` must hold). Training images, shuffled so that classes mix, under the evaluation transform.
 * @param images at least so many are used, or all there are
 * @returns `weights` with the running statistics replaced
 */
export async function recomputeBatchNorm(
  session: InferenceSession,
  weights: Tensors,
  parameters: readonly Parameter[],
  source: BatchSource,
  images: number,
): Promise<Tensors> {
  const statistics = parameters.filter((parameter) => parameter.statistic).map((parameter) => parameter.name)
  if (statistics.length === 0) return weights
  const plan = planOf(source, 'train', true)
  const batches = Math.min(Math.max(1, Math.ceil(images / source.batchSize)), source.dataset.batchesPerEpoch(plan))
  const sums = new Map<string, Float64Array>()
  const { workers, whileWorking, signal } = source.runtime
  let taken = 0
  for await (const batch of source.dataset.batches(plan, { epoch: 0, index: 0 }, workers, signal)) {
    signal.throwIfAborted()
    addTo(sums, statistics, await whileWorking(() => session.batchStatistics(batch.inputs)))
    if (++taken === batches) break
  }
  const means = statistics.map((name): [string, Tensor] => {
    const sum = sums.get(name)!
    return [name, { dtype: 'float32', shape: [sum.length], data: Float32Array.from(sum, (value) => value / taken) }]
  })
  return { ...weights, ...Object.fromEntries(means) }
}

function addTo(sums: Map<string, Float64Array>, names: readonly string[], values: Tensors): void {
  for (const name of names) {
    const { data } = values[name]!
    const sum = sums.get(name) ?? new Float64Array(data.length)
    for (let i = 0; i < data.length; i++) sum[i]! += data[i]!
    sums.set(name, sum)
  }
}

function planOf(source: BatchSource, split: Split, training: boolean): BatchPlan {
  const { batchSize, inputSize, seed, targets } = source
  return { split, batchSize, inputSize, seed, augmentation: {}, training, targets, decoding: 'fast' }
}
