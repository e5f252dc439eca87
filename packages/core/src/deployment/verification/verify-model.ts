import type {
  AskedFile,
  Comparison,
  Dataset,
  JsonObject,
  Metrics,
  PostProcessing,
  TrainingEngine,
} from '../../contracts/index.js'
import type { Reporter } from '../../events/index.js'
import { quietMachine } from '../../measurement/index.js'
import { withInference } from '../../training/index.js'
import type { DeployableModel } from '../load-model.js'
import { picked } from './example.js'
import {
  syntheticBatches,
  type ValidationRequest,
  type VerificationBatch,
  validationBatches,
  verificationBatchSize,
} from './verification-inputs.js'
import { type Infer, verifyFiles } from './verify-files.js'

/** What the files of a model are checked on. */
export interface VerificationImages {
  readonly dataset: Dataset
  readonly split: ValidationRequest['split']
  /** At most so many. */
  readonly images: number
  /** Identities of images that the files were calibrated on: they say nothing of others. */
  readonly except: ReadonlySet<bigint>
  /** Their classes are the model's: then it is known which answers are right. */
  readonly sameLabels: boolean
}

export interface ModelVerification {
  readonly model: DeployableModel
  readonly files: readonly AskedFile[]
  /** What all of them do behind the graph. */
  readonly postProcessing: PostProcessing | undefined
  readonly infer: Infer
  readonly engine: TrainingEngine
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly workers: number
  readonly cacheFolder: string
  /** null: drawn ones, which check arithmetic alone. */
  readonly on: VerificationImages | null
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

/** What came of a file. */
export interface FileVerdict {
  readonly metrics: Metrics
  readonly comparison: Comparison
  /** Of the comparison's distance. */
  readonly distanceName: string
  /** In a few words. */
  readonly summary: string
}

export interface ModelVerdict {
  readonly verifiedOn: 'photos' | 'synthetic'
  readonly images: number
  /** By file, in their order. */
  readonly verdicts: readonly FileVerdict[]
}

const syntheticImages = 16
const syntheticSeed = 1

/** Compares the files of a model with the engine, all on the same images. */
export async function verifyModel(request: ModelVerification): Promise<ModelVerdict> {
  const { model, files, postProcessing, infer, engine, threads, on, reporter, cacheFolder, signal } = request
  const { graph, weights, architecture, task, targets } = model
  const verifiedOn = on ? 'photos' : 'synthetic'
  const checked = files.map((file) => ({
    ...{ file, infer, postProcessing },
    agreement: task.agreement(architecture.task.options, targets, verifiedOn, postProcessing),
  }))
  const total = on ? Math.min(on.images, on.dataset.size(on.split)) : syntheticImages
  reporter.stage('Verify', on ? `${total} photos` : `${total} synthetic images`)
  const report = (done: number) => reporter.progress({ done, total, unit: 'images', note: 'compared' })
  const plan = await engine.plan(threads > 0 ? { threads } : {}, graph, verificationBatchSize)
  const { whileWorking } = quietMachine(cacheFolder, { signal, warn: reporter.warn })
  const images = await withInference(engine, { model: graph, batchSize: verificationBatchSize, plan }, weights, (session) =>
    verifyFiles({ graph, session, files: checked, batches: batchesFor(request), whileWorking, report }),
  )
  const verdicts = checked.map(({ agreement }) => ({
    metrics: agreement.result(),
    comparison: agreement.comparison(),
    distanceName: agreement.distanceName,
    summary: agreement.summary(),
  }))
  return { verifiedOn, images, verdicts }
}

function batchesFor({ model, on, workers, signal }: ModelVerification) {
  const { graph, preprocessing, architecture } = model
  if (!on) return syntheticBatches(graph, preprocessing, syntheticImages, syntheticSeed)
  const targets: JsonObject = model.targets
  const batches = validationBatches({ ...on, inputSize: architecture.input.size, targets, workers, signal })
  return on.sameLabels ? batches : withoutTruth(batches, Object.keys(graph.inputs))
}

/** What images are of in classes of their own says nothing of a model's answers. */
async function* withoutTruth(
  batches: AsyncIterable<VerificationBatch>,
  inputs: readonly string[],
): AsyncGenerator<VerificationBatch> {
  for await (const batch of batches) yield { inputs: picked(batch.inputs, inputs), examples: batch.examples }
}
