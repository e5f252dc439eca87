import { join } from 'node:path'
import type { DeployAnswer } from '../answers/index.js'
import { readDataPlace } from '../bundle/index.js'
import type {
  BenchmarkOptions,
  DataPlace,
  Dataset,
  Device,
  DeviceContext,
  JsonObject,
  Metrics,
  ModelFile,
  TrainingEngine,
} from '../contracts/index.js'
import { evaluationSplit, openData } from '../data/index.js'
import type { Reporter } from '../events/index.js'
import { exists } from '../files/index.js'
import { quietMachine } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { withInference } from '../training/index.js'
import { exporterFor, exportModel, exportsFolderOf } from './export-model.js'
import { findInference, forInputsOf } from './find-inference.js'
import { type DeployableModel, loadModel } from './load-model.js'
import { measureFile } from './measure-model.js'
import { writeExportsReadme } from './readme/write-exports-readme.js'
import { recordFile } from './record-file.js'
import { requireOutsideImages } from './require-outside-images.js'
import { syntheticBatches, validationBatches, verificationBatchSize } from './verification-inputs.js'
import { verifyFile } from './verify-file.js'

export interface DeployRequest {
  readonly registry: Registry
  readonly context: DeviceContext
  readonly device: Device
  /** MODEL */
  readonly model: string
  readonly size?: number
  readonly randomWeights: boolean
  /** Default: the bundle's `exports/`, else `exports/` here. */
  readonly out?: string
  /** Images to verify on. Default: those that `train` wrote down beside the bundle, else synthetic ones. */
  readonly data?: DataPlace
  /** Verify on at most so many validation images. */
  readonly images: number
  /** Of the exporter. */
  readonly exportOptions: JsonObject
  readonly options: BenchmarkOptions
  readonly engine: string
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly workers: number
  readonly cacheLimitBytes: number
  /** Of mnas, for the record. */
  readonly mnasVersion: string
  readonly reporter: Reporter
}

export interface Deployed {
  readonly report: DeployAnswer
  /** The agreement in the task's words. */
  readonly summary: string
}

const syntheticImages = 16
const syntheticSeed = 1

/**
 * Model → file → latency → check against the engine. What can be wrong is found before anything is written: model, device, data.
 * @throws MNAS_DEPLOY_UNTRAINED, MNAS_DEVICE_FORMAT, MNAS_FILE_WRITE, MNAS_EXPORT_OP, and what data, device and runtime throw
 */
export async function deployModel(request: DeployRequest): Promise<Deployed> {
  const { registry, device, reporter } = request
  const info = await device.describe()
  const exporter = await exporterFor(registry, info)
  const { model: argument, size, randomWeights } = request
  const model = await loadModel(registry, { argument, randomWeights, ...(size !== undefined && { size }) })
  if (model.trained && randomWeights)
    reporter.warn(`"${argument}" has trained weights; they are used, --random-weights is not needed`)
  const engine = await registry.get('engine', request.engine)
  const dataset = await openImages(request, model)
  try {
    reporter.stage('Export', exporter.format)
    const folder = request.out ?? exportsFolderOf(model)
    const file = await exportModel(exporter, model, { folder, options: request.exportOptions })
    const written = { file, model, exporter, mnasVersion: request.mnasVersion }
    await recordFile(written)
    await explainFiles(request, folder)
    const measurement = await measureFile(device, file, request.options, reporter)
    await recordFile(written, { measured: { device: info, measurement } })
    const { summary, verifiedOn, images, agreement } = await verify(request, engine, model, file, dataset)
    if (agreement && verifiedOn !== 'nothing')
      await recordFile(written, { agreement: { verifiedOn, images, metrics: agreement } })
    const { path, format, precision, sizeBytes, sha256 } = file
    const { latencyMs, spread, stable, runtime } = measurement
    const report: DeployAnswer = {
      version: 1,
      device: info.name,
      emulated: info.emulated,
      parameters: model.costs.parameters,
      macs: model.costs.macs,
      randomWeights: !model.trained,
      verifiedOn,
      images,
      files: [{ file: path, format, precision, sizeBytes, sha256, latencyMs, spread, stable, runtime, agreement }],
    }
    return { report, summary }
  } finally {
    await dataset?.close()
  }
}

async function explainFiles({ registry, reporter }: DeployRequest, folder: string): Promise<void> {
  if (!(await writeExportsReadme(folder, registry)))
    reporter.note(`"${join(folder, 'README.md')}" is not one of mnas's: it stays as it is`)
}

async function openImages(request: DeployRequest, { task, folder, bundle }: DeployableModel): Promise<Dataset | null> {
  const { context, cacheLimitBytes, workers, reporter } = request
  const place = request.data ?? (folder === null ? null : await recordedPlace(folder, reporter))
  if (place === null) return null
  await requireOutsideImages(request.out, place.folder)
  const source = { ...place, cacheFolder: context.cacheFolder, cacheLimitBytes, workers }
  return openData(task, source, { purpose: 'evaluation', preprocessing: bundle?.preprocessing, reporter, signal: context.signal })
}

/** A bundle that was copied to another computer still deploys; its images need not have come along. */
async function recordedPlace(bundleFolder: string, reporter: Reporter): Promise<DataPlace | null> {
  const recorded = await readDataPlace(bundleFolder)
  if (recorded === null || (await exists(recorded.folder))) return recorded
  reporter.warn(
    `The images that this model was trained on are no longer in "${recorded.folder}"; checking the file on synthetic inputs (--data DIR)`,
  )
  return null
}

interface Verification extends Pick<DeployAnswer, 'verifiedOn' | 'images'> {
  readonly agreement: Metrics | null
  /** The agreement in a few words. */
  readonly summary: string
}
const unverified: Verification = { verifiedOn: 'nothing', images: 0, agreement: null, summary: '' }

async function verify(
  request: DeployRequest,
  engine: TrainingEngine,
  model: DeployableModel,
  file: ModelFile,
  dataset: Dataset | null,
): Promise<Verification> {
  const { registry, context, device, reporter, threads, workers } = request
  const found = await findInference(registry, device, file.format, context)
  if (!found) {
    reporter.warn(`Nothing here runs ${file.format} files: the file is not checked ("mnas device setup host")`)
    return unverified
  }
  const split = dataset ? evaluationSplit(dataset, model.bundle?.provenance ?? null) : 'validation'
  const images = dataset ? Math.min(request.images, dataset.size(split)) : syntheticImages
  const { graph, targets, weights, architecture, task, preprocessing } = model
  const infer = forInputsOf(preprocessing, found)
  reporter.stage('Verify', dataset ? `${images} photos` : `${images} synthetic images`)
  const plan = await engine.plan(threads > 0 ? { threads } : {}, graph, verificationBatchSize)
  const verifiedOn = dataset ? 'photos' : 'synthetic'
  const agreement = task.agreement(architecture.task.options, verifiedOn)
  const { whileWorking } = quietMachine(context.cacheFolder)
  const report = (done: number) => reporter.progress({ done, total: images, unit: 'images', note: 'compared' })
  return withInference(engine, { model: graph, batchSize: verificationBatchSize, plan }, weights, async (session) => {
    const batches = dataset
      ? validationBatches({
          dataset,
          split,
          inputSize: architecture.input.size,
          targets,
          images,
          workers,
          signal: context.signal,
        })
      : syntheticBatches(graph, preprocessing, images, syntheticSeed)
    const compared = await verifyFile({ graph, session, file, infer, batches, agreement, whileWorking, report })
    return { verifiedOn, images: compared, agreement: agreement.result(), summary: agreement.summary() }
  })
}
