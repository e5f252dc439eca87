import { dirname, join } from 'node:path'
import type { DeployAnswer } from '../answers/index.js'
import type {
  BenchmarkOptions,
  DataPlace,
  Dataset,
  Device,
  DeviceContext,
  DeviceInfo,
  Exporter,
  Headline,
  JsonObject,
  LayerDistance,
  ModelFile,
  Precision,
  TrainingEngine,
} from '../contracts/index.js'
import { evaluationSplit } from '../data/index.js'
import type { Reporter } from '../events/index.js'
import type { Registry } from '../plugins/index.js'
import { type CalibrationWish, calibrateModel } from './calibration/calibrate-model.js'
import { labelsAgree, onImages } from './deploy-images.js'
import {
  deploymentOf,
  type ExportWish,
  exporterFor,
  exportModel,
  exportsFolderOf,
  postProcessingOf,
} from './files/export-model.js'
import { recordFile } from './files/record-file.js'
import { requirePrecision } from './files/write-model-file.js'
import { type DeployableModel, loadModel } from './load-model.js'
import { writeExportsReadme } from './readme/write-exports-readme.js'
import { type FileTiming, timeFile } from './timing/time-file.js'
import { drawTimingPhotos, type TimingPhotos } from './timing/timing-photos.js'
import { beyondLimits, type DeployLimits, defaultLimits, roundingFaults } from './verification/beyond-limits.js'
import { farthestLayers } from './verification/farthest-layers.js'
import { findInference, forInputsOf, type Inference } from './verification/find-inference.js'
import { judgedOn } from './verification/judged-on.js'
import { requireJudgeable } from './verification/require-judgeable.js'
import { unseenOnly } from './verification/unseen-only.js'
import type { Infer } from './verification/verify-files.js'
import { type FileVerdict, type ModelVerdict, verifyModel } from './verification/verify-model.js'

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
  /** A file for each. Default: the exporter's first. */
  readonly precisions?: readonly Precision[]
  readonly calibration: CalibrationWish
  /** Whether to look for the layers that change the answers of a file most, where these are often others. */
  readonly layers: boolean
  /** As the user gave them. Default: a drop of 0.02. */
  readonly limits: Partial<DeployLimits>
  /** Images to calibrate and verify on. Default: those that `train` wrote down beside the bundle, else synthetic ones. */
  readonly data?: DataPlace
  /** Verify on at most so many images. */
  readonly images: number
  /** Of the exporter. */
  readonly exportOptions: JsonObject
  /** Of the task: how the file makes its answers. Default: nothing was said. */
  readonly deployment?: JsonObject
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
  /** Of each file, in their order; none when nothing was compared. */
  readonly verdicts: readonly FileVerdict[]
  /** Of the task: what `quality` in a comparison is. */
  readonly headline: Headline
  /** A file is worse than was allowed. */
  readonly failure: Error | null
}

/** What the parts of a deployment share. */
interface Deployment {
  readonly request: DeployRequest
  readonly model: DeployableModel
  readonly info: DeviceInfo
  readonly exporter: Exporter
  readonly engine: TrainingEngine
  readonly dataset: Dataset | null
  /** How to run the files; null: nothing here can. */
  readonly infer: Infer | null
  /** What does. */
  readonly runtime: Inference['runtime'] | null
}

/** A file, and how quickly it runs. */
interface TimedFile extends FileTiming {
  readonly file: ModelFile
  readonly wish: Omit<ExportWish, 'calibration'>
}

/**
 * Model → files → latencies → check against the engine. What can be wrong is found before anything is written: model, device, data.
 * @throws MNAS_DEPLOY_UNTRAINED, MNAS_DEPLOY_OPTION, MNAS_DEPLOY_LIMIT, MNAS_DEVICE_FORMAT, MNAS_FILE_WRITE, MNAS_EXPORT_OP,
 *   MNAS_EXPORT_POSTPROCESSING, MNAS_EXPORT_PRECISION, MNAS_EXPORT_CALIBRATION, and what data, device and runtime throw
 */
export async function deployModel(request: DeployRequest): Promise<Deployed> {
  const { registry, context, device, reporter } = request
  const info = await device.describe()
  const exporter = await exporterFor(registry, info)
  const { model: argument, size, randomWeights, deployment = {} } = request
  const model = await loadModel(registry, { argument, randomWeights, deployment, ...(size !== undefined && { size }) })
  if (model.trained && randomWeights)
    reporter.warn(`"${argument}" has trained weights; they are used, --random-weights is not needed`)
  const engine = await registry.get('engine', request.engine)
  const found = await findInference(registry, device, exporter.format, context)
  const infer = found && forInputsOf(model.preprocessing, found.infer)
  if (!infer) reporter.warn(`Nothing here runs ${exporter.format} files: they are not checked ("mnas device setup host")`)
  const runtime = found?.runtime ?? null
  try {
    return await onImages(request, model, (dataset) =>
      deploy({ request, model, info, exporter, engine, dataset, infer, runtime }),
    )
  } finally {
    await found?.close()
  }
}

async function deploy(deployment: Deployment): Promise<Deployed> {
  const { request, model, exporter, engine, dataset, infer } = deployment
  const { context, reporter, threads, precisions = [exporter.precisions[0]] } = request
  const { cacheFolder, signal } = context
  const { format } = exporter
  for (const precision of precisions) requirePrecision(exporter, precision)
  requireJudgeable(request.limits, { format, trained: model.trained, photos: dataset !== null, runs: infer !== null })
  const { calibration, few, identities } = await calibrateModel({
    ...{ model, format, precisions, engine, threads, dataset, infer, cacheFolder, reporter, signal },
    wish: request.calibration,
  })
  const folder = request.out ?? exportsFolderOf(model)
  const photos = await photosFor(deployment)
  const timed: TimedFile[] = []
  for (const precision of precisions) {
    reporter.stage('Export', precisions.length > 1 ? `${exporter.format}, ${precision}` : exporter.format)
    const wish = { folder, precision, options: request.exportOptions }
    const file = await exportModel(exporter, model, { ...wish, calibration })
    timed.push({ file, wish, ...(await timeWritten(deployment, file, photos)) })
  }
  const verdict = await verify(deployment, timed, identities)
  const layers: (readonly LayerDistance[] | null)[] = []
  for (const [index, { file, wish }] of timed.entries()) {
    const comparison = request.layers ? verdict?.verdicts[index]?.comparison : undefined
    layers.push(comparison ? await farthestLayers({ exporter, model, wish, file, comparison, calibration: few, reporter }) : null)
  }
  return outcome(deployment, timed, verdict, layers)
}

async function timeWritten(deployment: Deployment, file: ModelFile, photos: TimingPhotos): Promise<FileTiming> {
  const { request, model, info, exporter } = deployment
  const { registry, context, device, exportOptions, options, reporter } = request
  const written = writtenFile(deployment, file)
  await recordFile(written)
  await explainFiles(request, dirname(file.path))
  const timing = await timeFile({ registry, context, device, exporter, model, file, exportOptions, photos, options, reporter })
  await recordFile(written, { measured: { device: info, ...timing } })
  return timing
}

/** For files whose time depends on what the model says; others need none. */
async function photosFor({ request, model, exporter, dataset }: Deployment): Promise<TimingPhotos> {
  if (!postProcessingOf(exporter, model)) return []
  const { context, workers } = request
  return drawTimingPhotos({ model, dataset, split: splitOf(dataset, model), workers, signal: context.signal })
}

const splitOf = (dataset: Dataset | null, { bundle }: DeployableModel) =>
  dataset ? evaluationSplit(dataset, bundle?.provenance ?? null) : 'validation'

async function explainFiles({ registry, context, reporter }: DeployRequest, folder: string): Promise<void> {
  if (!(await writeExportsReadme(folder, registry, context.cacheFolder)))
    reporter.note(`"${join(folder, 'README.md')}" is not one of mnas's: it stays as it is`)
}

const writtenFile = ({ model, exporter, request }: Deployment, file: ModelFile) => ({
  ...{ file, model, exporter },
  mnasVersion: request.mnasVersion,
  cacheFolder: request.context.cacheFolder,
})

async function verify(
  deployment: Deployment,
  timed: readonly TimedFile[],
  except: ReadonlySet<bigint>,
): Promise<ModelVerdict | null> {
  const { request, model, exporter, engine, dataset, infer } = deployment
  if (!infer) return null
  const { context, reporter, threads, workers, images } = request
  const { cacheFolder, signal } = context
  const split = splitOf(dataset, model)
  const verdict = await verifyModel({
    ...{ model, infer, engine, threads, workers, cacheFolder, reporter, signal },
    files: timed.map(({ file }) => file),
    postProcessing: postProcessingOf(exporter, model),
    on: dataset && {
      dataset,
      split,
      images,
      except: unseenOnly(dataset, split, except, reporter),
      sameLabels: labelsAgree(model, dataset),
    },
  })
  const { verifiedOn } = verdict
  for (const [index, { file }] of timed.entries()) {
    const { metrics, comparison } = verdict.verdicts[index]!
    const judged = judgedOn({ model, dataset, runtime: deployment.runtime, split }, verdict.images, comparison)
    await recordFile(writtenFile(deployment, file), {
      agreement: { verifiedOn, images: verdict.images, metrics, ...(judged && { judged }) },
    })
  }
  return verdict
}

function outcome(
  { request, model, info, exporter }: Deployment,
  timed: readonly TimedFile[],
  verdict: ModelVerdict | null,
  layers: readonly (readonly LayerDistance[] | null)[],
): Deployed {
  const verdicts = verdict?.verdicts ?? []
  const deployment = deploymentOf(exporter, model)
  const report: DeployAnswer = {
    version: 1,
    device: info.name,
    emulated: info.emulated,
    parameters: model.costs.parameters,
    macs: model.costs.macs,
    randomWeights: !model.trained,
    ...(deployment && { deployment }),
    verifiedOn: verdict?.verifiedOn ?? 'nothing',
    images: verdict?.images ?? 0,
    files: timed.map(({ file, measurement, operator }, index) => {
      const { path, format, precision, sizeBytes, sha256, recipe = null } = file
      const { latencyMs, spread, stable, doubts, numerics, before, after, runtime } = measurement
      const { metrics = null, comparison = null } = verdicts[index] ?? {}
      const remarks = { ...(doubts && { doubts }), ...(numerics && { numerics }) }
      const latency = { latencyMs, spread, stable, ...remarks, before, after, runtime }
      return {
        file: path,
        format,
        precision,
        sizeBytes,
        sha256,
        ...latency,
        ...(operator && { postProcessing: operator }),
        agreement: metrics,
        comparison,
        recipe,
        layers: layers[index] ?? null,
      }
    }),
  }
  const compared = timed.flatMap(({ file }, index) => (verdicts[index] ? [{ file, comparison: verdicts[index].comparison }] : []))
  const judged = model.trained && verdict?.verifiedOn === 'photos'
  const limits = { ...defaultLimits, ...request.limits }
  const [headline] = model.task.headlines
  if (judged) for (const fault of roundingFaults(compared, headline)) request.reporter.warn(fault)
  return { report, verdicts, headline, failure: judged ? beyondLimits(compared, headline, limits) : null }
}
