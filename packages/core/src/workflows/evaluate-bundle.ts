import type { ModelBundle } from '../bundle/index.js'
import type { Dataset, JsonObject, Metrics, SkippedFile, Task, Tensors } from '../contracts/index.js'
import type { Reporter } from '../events/index.js'
import { lower } from '../graph/index.js'
import type { DataSource } from '../jobs/index.js'
import { quietMachine } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { evaluateSplit, whenNotFinite } from '../training/index.js'
import { workflowErrors } from './errors.js'
import { skippedFilesTeller } from './skipped-files.js'

export interface EvaluateRequest {
  readonly registry: Registry
  readonly bundle: ModelBundle
  readonly weights: Tensors
  readonly data: DataSource
  readonly engine: string
  /** 0 = all. */
  readonly threads: number
  readonly batchSize: number
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
 * @throws MNAS_EVALUATE_LABELS when the folder's classes are not the model's, MNAS_EVALUATE_NOT_FINITE, MNAS_DATA_…
 */
export async function evaluateBundle(request: EvaluateRequest): Promise<Evaluation> {
  const { registry, bundle, data, reporter, signal } = request
  const task = await registry.get('task', bundle.task.name)
  const { whileWorking } = quietMachine(data.cacheFolder)
  reporter.stage('images', data.folder)
  const report = ({ done, total }: { done: number; total: number }) => reporter.progress({ done, total, unit: 'images' })
  const dataset = await task.open({ ...data, preprocessing: bundle.preprocessing, whileWorking, report, signal })
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
  const { registry, bundle, weights, batchSize, data, signal } = request
  const engine = await registry.get('engine', request.engine)
  const model = lower(bundle.architecture, task)
  const plan = await engine.plan(request.threads > 0 ? { threads: request.threads } : {}, model, batchSize)
  const session = await engine.compileInference({ model, batchSize, plan })
  try {
    await session.load(weights)
    const { whileWorking } = quietMachine(data.cacheFolder)
    const inputSize = bundle.architecture.input.size
    const runtime = { workers: data.workers, whileWorking, signal }
    const source = { dataset, inputSize, batchSize, seed: 0, runtime }
    const images = dataset.size('validation')
    const accumulator = task.metrics(bundle.task.options, bundle.labels)
    let done = 0
    const metrics = await evaluateSplit(session, source, 'validation', {
      add(batch, outputs) {
        accumulator.add(batch, outputs)
        done = Math.min(images, done + batchSize)
        request.reporter.progress({ done, total: images, unit: 'images' })
      },
      result: () => accumulator.result(),
    }).catch(whenNotFinite(({ received }) => workflowErrors.MNAS_EVALUATE_NOT_FINITE({ model: bundle.name, received })))
    return { metrics, details: accumulator.details?.() ?? null }
  } finally {
    await session.close()
  }
}

/** @throws MNAS_EVALUATE_LABELS */
export function requireSameLabels(expected: readonly string[], received: readonly string[], folder: string): void {
  if (expected.join('\0') === received.join('\0')) return
  throw workflowErrors.MNAS_EVALUATE_LABELS({ folder, expected, received })
}
