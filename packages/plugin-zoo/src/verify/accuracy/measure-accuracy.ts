import type { AskedFile, Metrics, Split, Surroundings } from '@mnas/core/contracts'
import { type DataSource, evaluationSplit, openData } from '@mnas/core/data'
import { type DeployableModel, findRuntime, forInputsOf, verifyModel, withRealValues } from '@mnas/core/deployment'
import type { Reporter } from '@mnas/core/events'
import type { Registry } from '@mnas/core/plugins'
import { evaluateBundle, requireSameLabels } from '@mnas/core/workflows'

export interface AccuracyRequest {
  readonly registry: Registry
  readonly data: DataSource
  /** Name of the engine that evaluates the weights. */
  readonly engine: string
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly around: Surroundings
  readonly reporter: Reporter
}

/** How good weights or a file are on the images at hand. */
export interface MeasuredAccuracy {
  /** Of the data. */
  readonly fingerprint: string
  readonly split: Split
  readonly images: number
  readonly metrics: Metrics
  /** For people: what computed the answers. */
  readonly engine: string
}

/** @param split null: by which a model is judged by itself. @throws MNAS_EVALUATE_…, MNAS_DATA_… */
export async function measureWeights(
  folder: string,
  { bundle, weights }: DeployableModel,
  split: Split | null,
  { registry, data, engine, threads, around, reporter }: AccuracyRequest,
): Promise<MeasuredAccuracy | null> {
  if (!bundle) return null
  const request = { registry, bundle, folder, weights, data, engine, threads, reporter, signal: around.signal }
  const evaluated = await evaluateBundle({ ...request, ...(split && { split }) })
  const { fingerprint, images, metrics } = evaluated
  return { fingerprint, split: evaluated.split, images, metrics, engine }
}

/**
 * The same of a file in its own runtime; null where nothing here runs it, or its task knows no such number.
 * @throws MNAS_EVALUATE_LABELS, MNAS_DATA_…, and what the runtime throws
 */
export async function measureFile(
  file: AskedFile,
  model: DeployableModel,
  split: Split | null,
  { registry, data, engine, threads, around, reporter }: AccuracyRequest,
): Promise<MeasuredAccuracy | null> {
  const runtime = await findRuntime(registry, file.format, around)
  if (!runtime) return null
  const { task, labels, preprocessing, bundle } = model
  const dataset = await openData(task, data, { purpose: 'evaluation', preprocessing, reporter, signal: around.signal })
  try {
    if (labels) requireSameLabels(labels, dataset.labels, data.folder)
    const judged = split ?? evaluationSplit(dataset, bundle?.provenance ?? null)
    const images = dataset.size(judged)
    if (images === 0) return null
    const run = withRealValues((asked, inputs) => runtime.run(asked, inputs, around))
    const { verdicts } = await verifyModel({
      ...{ model, files: [file], engine: await registry.get('engine', engine), threads, reporter, signal: around.signal },
      postProcessing: behind(model, file) ?? undefined,
      infer: forInputsOf(preprocessing, run),
      workers: data.workers,
      cacheFolder: data.cacheFolder,
      on: { dataset, split: judged, images, except: new Set(), sameLabels: true },
    })
    const quality = verdicts[0]?.comparison.quality
    if (!quality) return null
    const metrics = { [task.headlines[0].name]: quality.file, count: images }
    return { fingerprint: dataset.fingerprint, split: judged, images, metrics, engine: runtime.name }
  } finally {
    await dataset.close()
  }
}

/** The operator that a file ends in. */
export const behind = ({ postProcessing }: DeployableModel, { outputs }: Pick<AskedFile, 'outputs'>) =>
  postProcessing?.outputs.every(({ name }) => outputs.some((output) => output.name === name)) ? postProcessing : null
