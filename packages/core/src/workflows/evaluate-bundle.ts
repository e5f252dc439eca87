import { countSeen, type ModelBundle, readTrainedOn } from '../bundle/index.js'
import type { Dataset, Hash, JsonObject, Metrics, SkippedFile, Split, Task, Tensors } from '../contracts/index.js'
import {
  type DataSource,
  describeData,
  evaluationSplit,
  openData,
  sameLabels,
  skippedFilesTeller,
  splitNames,
} from '../data/index.js'
import type { Reporter } from '../events/index.js'
import { writeAtomic } from '../files/index.js'
import { lower } from '../graph/index.js'
import { quietMachine } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { evaluateSplit, targetsOf, whenNotFinite, withInference } from '../training/index.js'
import { workflowErrors } from './errors.js'

export interface EvaluateRequest {
  readonly registry: Registry
  readonly bundle: ModelBundle
  /** Its own, for what it remembers of its training on this computer. */
  readonly folder: string
  readonly weights: Tensors
  readonly data: DataSource
  /** Default: validation images where they stand apart or the model was trained on this data; else all images. */
  readonly split?: Split | undefined
  readonly engine: string
  /** 0 = all. */
  readonly threads: number
  /** Default: that of the bundle's training, so that the numbers told at its end come out again digit for digit. */
  readonly batchSize?: number
  /** Where all answers go, of a task that has a format for them. Default: nowhere. */
  readonly answersFile?: string
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

export interface Evaluation {
  readonly metrics: Metrics
  readonly split: Split
  readonly images: number
  /** Of the data: the same for the same images and answers, wherever they lie. */
  readonly fingerprint: Hash
  /** How many of them the model was trained on, known by their bytes; null when nobody knows. */
  readonly trainedOn: number | null
  /** For the task's charts; null where the task gives none. */
  readonly details: JsonObject | null
  /** Files of the folder that could not be used. */
  readonly skipped: readonly SkippedFile[]
}

/**
 * A bundle's metrics on images of a folder.
 * @throws MNAS_EVALUATE_LABELS when the folder's classes are not the model's, MNAS_EVALUATE_SPLIT, MNAS_MODEL_NOT_FINITE, MNAS_DATA_…,
 *   MNAS_FILE_WRITE
 */
export async function evaluateBundle(request: EvaluateRequest): Promise<Evaluation> {
  const { registry, bundle, data, reporter, signal } = request
  const task = await registry.get('task', bundle.task.name)
  const dataset = await openData(task, data, { purpose: 'evaluation', preprocessing: bundle.preprocessing, reporter, signal })
  try {
    const tellSkipped = skippedFilesTeller(reporter)
    tellSkipped(dataset.skipped)
    requireSameLabels(bundle.labels, dataset.labels, data.folder)
    const split = request.split ?? evaluationSplit(dataset, bundle.provenance)
    const images = dataset.size(split)
    if (images === 0) {
      throw workflowErrors.MNAS_EVALUATE_SPLIT({ folder: data.folder, split, found: describeData(dataset) || 'no images' })
    }
    const trainedOn = await countTrainedOn(request, dataset, split)
    reporter.stage('evaluation', `${bundle.name} on ${images.toLocaleString('en')} ${splitNames[split]}`)
    const origin = request.answersFile === undefined ? undefined : dataset.origin?.(split)
    const evaluated = await evaluate(request, task, dataset, split, origin)
    tellSkipped(dataset.skipped)
    return { ...evaluated, split, images, fingerprint: dataset.fingerprint, trainedOn, skipped: dataset.skipped }
  } finally {
    await dataset.close()
  }
}

/** Images that a model has learnt by heart say nothing of others: warns of them, unless they were asked for. */
async function countTrainedOn({ folder, split: wanted, reporter }: EvaluateRequest, dataset: Dataset, split: Split) {
  const seen = dataset.identities && (await readTrainedOn(folder))
  if (!seen || !dataset.identities) return null
  const count = countSeen(dataset.identities(split), seen)
  if (count > 0 && wanted !== 'train' && wanted !== 'heldOut') {
    const all = dataset.size(split).toLocaleString('en')
    reporter.warn(
      `The model was trained on ${count.toLocaleString('en')} of these ${all} images: its accuracy on them is too high`,
    )
  }
  return count
}

async function evaluate(
  request: EvaluateRequest,
  task: Task,
  dataset: Dataset,
  split: Split,
  origin: JsonObject | undefined,
): Promise<Pick<Evaluation, 'metrics' | 'details'>> {
  const { registry, bundle, weights, data, signal } = request
  const batchSize = request.batchSize ?? trainedBatchSize(bundle)
  const engine = await registry.get('engine', request.engine)
  const model = lower(bundle.architecture, task)
  const plan = await engine.plan(request.threads > 0 ? { threads: request.threads } : {}, model, batchSize)
  const { whileWorking } = quietMachine(data.cacheFolder, { signal, warn: request.reporter.warn })
  const { options } = bundle.task
  const targets = targetsOf(task, model, options)
  const inputSize = bundle.architecture.input.size
  const runtime = { workers: data.workers, whileWorking, signal }
  const source = { dataset, inputSize, batchSize, seed: 0, targets, runtime }
  const images = dataset.size(split)
  const accumulator = task.metrics(options, bundle.labels, targets)
  let done = 0
  return withInference(engine, { model, batchSize, plan }, weights, async (session) => {
    const metrics = await evaluateSplit(session, source, split, 'exact', {
      add(batch, outputs) {
        accumulator.add(batch, outputs)
        done = Math.min(images, done + batchSize)
        request.reporter.progress({ done, total: images, unit: 'images' })
      },
      result: () => accumulator.result(),
    }).catch(whenNotFinite(({ received }) => workflowErrors.MNAS_MODEL_NOT_FINITE({ model: bundle.name, received })))
    const answers = origin && accumulator.answersFile?.(origin)
    if (answers && request.answersFile !== undefined) await writeAtomic(request.answersFile, answers)
    return { metrics, details: accumulator.details?.() ?? null }
  })
}

const defaultBatchSize = 32

/** A bundle that was imported has no recipe. */
function trainedBatchSize({ provenance }: ModelBundle): number {
  const { batchSize } = (provenance['recipe'] ?? {}) as { readonly batchSize?: unknown }
  return typeof batchSize === 'number' ? batchSize : defaultBatchSize
}

/** @throws MNAS_EVALUATE_LABELS */
export function requireSameLabels(expected: readonly string[], received: readonly string[], folder: string): void {
  if (sameLabels(expected, received)) return
  throw workflowErrors.MNAS_EVALUATE_LABELS({ folder, expected, received })
}
