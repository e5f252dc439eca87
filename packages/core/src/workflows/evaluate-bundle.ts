import type { ModelBundle } from '../bundle/index.js'
import type { Dataset, JsonObject, Metrics, SkippedFile, Task, Tensors } from '../contracts/index.js'
import { type DataSource, openData, skippedFilesTeller } from '../data/index.js'
import type { Reporter } from '../events/index.js'
import { lower } from '../graph/index.js'
import { quietMachine } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { evaluateSplit, targetsOf, whenNotFinite, withInference } from '../training/index.js'
import { workflowErrors } from './errors.js'

export interface EvaluateRequest {
  readonly registry: Registry
  readonly bundle: ModelBundle
  readonly weights: Tensors
  readonly data: DataSource
  readonly engine: string
  /** 0 = all. */
  readonly threads: number
  /** Default: that of the bundle's training, so that the numbers told at its end come out again digit for digit. */
  readonly batchSize?: number
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

export interface Evaluation {
  readonly metrics: Metrics
  readonly images: number
  /** For the task's charts; null where the task gives none. */
  readonly details: JsonObject | null
  /** Files of the folder that could not be used. */
  readonly skipped: readonly SkippedFile[]
}

/**
 * A bundle's metrics on the validation images of a folder.
 * @throws MNAS_EVALUATE_LABELS when the folder's classes are not the model's, MNAS_MODEL_NOT_FINITE, MNAS_DATA_…
 */
export async function evaluateBundle(request: EvaluateRequest): Promise<Evaluation> {
  const { registry, bundle, data, reporter, signal } = request
  const task = await registry.get('task', bundle.task.name)
  const dataset = await openData(task, data, { preprocessing: bundle.preprocessing, reporter, signal })
  try {
    const tellSkipped = skippedFilesTeller(reporter)
    tellSkipped(dataset.skipped)
    requireSameLabels(bundle.labels, dataset.labels, data.folder)
    reporter.stage('evaluation', bundle.name)
    const evaluated = await evaluate(request, task, dataset)
    tellSkipped(dataset.skipped)
    return { ...evaluated, images: dataset.size('validation'), skipped: dataset.skipped }
  } finally {
    await dataset.close()
  }
}

async function evaluate(
  request: EvaluateRequest,
  task: Task,
  dataset: Dataset,
): Promise<Pick<Evaluation, 'metrics' | 'details'>> {
  const { registry, bundle, weights, data, signal } = request
  const batchSize = request.batchSize ?? trainedBatchSize(bundle)
  const engine = await registry.get('engine', request.engine)
  const model = lower(bundle.architecture, task)
  const plan = await engine.plan(request.threads > 0 ? { threads: request.threads } : {}, model, batchSize)
  const { whileWorking } = quietMachine(data.cacheFolder)
  const { options } = bundle.task
  const targets = targetsOf(task, model, options)
  const inputSize = bundle.architecture.input.size
  const runtime = { workers: data.workers, whileWorking, signal }
  const source = { dataset, inputSize, batchSize, seed: 0, targets, runtime }
  const images = dataset.size('validation')
  const accumulator = task.metrics(options, bundle.labels)
  let done = 0
  return withInference(engine, { model, batchSize, plan }, weights, async (session) => {
    const metrics = await evaluateSplit(session, source, 'validation', 'exact', {
      add(batch, outputs) {
        accumulator.add(batch, outputs)
        done = Math.min(images, done + batchSize)
        request.reporter.progress({ done, total: images, unit: 'images' })
      },
      result: () => accumulator.result(),
    }).catch(whenNotFinite(({ received }) => workflowErrors.MNAS_MODEL_NOT_FINITE({ model: bundle.name, received })))
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
  if (expected.join('\0') === received.join('\0')) return
  throw workflowErrors.MNAS_EVALUATE_LABELS({ folder, expected, received })
}
