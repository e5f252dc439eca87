import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceBenchmarkAnswer } from '../answers/index.js'
import type {
  BenchmarkOptions,
  CachedLoad,
  Device,
  DeviceContext,
  DeviceInfo,
  DeviceWait,
  JsonObject,
  LatencyMeasurement,
  ModelFile,
  ProcessTiming,
} from '../contracts/index.js'
import type { Reporter } from '../events/index.js'
import { formatOfPath, measureLatency, median, modelFileAt, type Sustained, sustain } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { deploymentErrors } from './errors.js'
import { exporterFor, exportModel } from './files/export-model.js'
import { factsBeside } from './files/record-file.js'
import { loadModel } from './load-model.js'
import { findRuntime } from './verification/find-inference.js'

export interface BenchmarkRequest {
  readonly registry: Registry
  readonly context: DeviceContext
  readonly device: Device
  /** MODEL, or a file of a format that the device runs. */
  readonly model: string
  /** Side of the input in pixels, instead of the model's own; of a MODEL alone. */
  readonly size?: number | undefined
  /** Of a network without trained weights, over those of its architecture. */
  readonly taskOptions: JsonObject
  readonly options: BenchmarkOptions
  readonly reporter: Reporter
}

/** A model as it was timed; what `device benchmark` tells of it, and more besides. */
export type MeasuredModel = Omit<DeviceBenchmarkAnswer, 'version' | 'load' | 'sustained'>

/**
 * Times a model afresh: a file as it is, a MODEL written to a temporary file (with random weights when it has none: they cost the same; so
 * without an operator behind the graph, whose time depends on what the model says).
 */
export async function measureModel(request: BenchmarkRequest): Promise<MeasuredModel> {
  const info = await request.device.describe()
  return withFile(request, info, (file) => measureWritten(request, info, file))
}

/**
 * The same, with what the model costs before its first answer.
 * @param sustainedSeconds run it on and on for so long behind that; null: not
 */
export async function benchmarkModel(
  request: BenchmarkRequest,
  sustainedSeconds: number | null = null,
): Promise<DeviceBenchmarkAnswer> {
  const { device, options } = request
  const info = await device.describe()
  return withFile(request, info, async (file) => {
    const measured = await measureWritten(request, info, file)
    const cached: CachedLoad = (await device.loadCached?.(file, options)) ?? { reason: 'what runs models there keeps no weights' }
    const sustained = sustainedSeconds === null ? null : await sustainFile(request, file, sustainedSeconds)
    return { version: 1, ...measured, load: loadOf(measured.processes, cached), sustained }
  })
}

async function measureWritten({ device, model, options, reporter }: BenchmarkRequest, info: DeviceInfo, file: ModelFile) {
  const measurement = await measureFile(device, file, options, reporter)
  const { sizeBytes, inputs, outputs } = file
  return { model, device: info.name, emulated: info.emulated, sizeBytes, inputs, outputs, ...measurement }
}

function loadOf(processes: LatencyMeasurement['processes'], cached: CachedLoad): DeviceBenchmarkAnswer['load'] {
  const known = (of: (timing: ProcessTiming) => number | undefined) => processes.flatMap((timing) => of(timing) ?? [])
  const middle = (values: readonly number[]) => (values.length > 0 ? median(values) : null)
  const peaks = known(({ peakBytes }) => peakBytes)
  return {
    firstMs: middle(known(({ initMs }) => initMs)),
    cachedMs: 'initMs' in cached ? cached.initMs : null,
    reason: 'reason' in cached ? cached.reason : null,
    firstInferenceMs: middle(known(({ firstMs }) => firstMs)),
    peakBytes: peaks.length > 0 ? Math.max(...peaks) : null,
  }
}

async function sustainFile(
  { device, options, reporter }: BenchmarkRequest,
  file: ModelFile,
  seconds: number,
): Promise<Sustained> {
  reporter.stage('Sustained load', `${seconds} s`)
  return sustain({
    ...{ device, file, options, seconds },
    onWait: tellWait(reporter),
    onPoint: ({ atSeconds, latencyMs }) =>
      reporter.progress({
        ...{ done: Math.min(Math.floor(atSeconds), seconds), total: seconds, unit: 's' },
        note: `${latencyMs.toPrecision(3)} ms`,
      }),
  })
}

const tellWait =
  (reporter: Reporter) =>
  ({ reason, seconds }: DeviceWait) =>
    reporter.note(`Waiting ${seconds} s: ${reason}`)

/** Through the spread gate, telling the reporter. @param how it is timed besides, in words */
export function measureFile(
  device: Device,
  file: ModelFile,
  options: BenchmarkOptions,
  reporter: Reporter,
  how?: string,
): Promise<LatencyMeasurement> {
  reporter.stage('Measure latency', `${options.processes} processes × ${options.runs} runs${how ? `, ${how}` : ''}`)
  const onRepeat = (spread: number) =>
    reporter.note(`Unstable: the processes differ by ${(100 * spread).toFixed(1)} %; measuring again`)
  return measureLatency({ device, file, options, onRepeat, onWait: tellWait(reporter) })
}

/** A file of anybody's, with what a runtime of this computer says of it where one knows the format. */
async function foreignFile(request: BenchmarkRequest, format: string): Promise<ModelFile> {
  const { registry, context, model, reporter } = request
  refuseChanges(request)
  const file = await modelFileAt(model, format)
  await warnOfOperator(file, reporter)
  const runtime = await findRuntime(registry, format, context)
  return runtime ? { ...file, ...(await runtime.describe(file, context)) } : file
}

function refuseChanges({ model, size, taskOptions }: BenchmarkRequest): void {
  const flag = size !== undefined ? '--size' : Object.keys(taskOptions).length > 0 ? '--task-option' : undefined
  if (flag) throw deploymentErrors.MNAS_MODEL_FIXED({ model, what: 'a model file', flag })
}

/** A file of ours that ends in an operator takes as long as its answers make it, and there are no photos here. */
async function warnOfOperator(file: ModelFile, reporter: Reporter): Promise<void> {
  const facts = await factsBeside(file)
  const { operator } = facts?.latencies.find(({ postProcessing }) => postProcessing)?.postProcessing ?? {}
  if (operator === undefined) return
  reporter.warn(
    `"${file.path}" ends in ${operator}, whose time depends on what the model says: here it is run on drawn inputs ("mnas deploy" times it on photos)`,
  )
}

/** The file that a request means, for as long as `use` takes. @param info of the device @throws MNAS_MODEL_FIXED */
export async function withFile<T>(request: BenchmarkRequest, info: DeviceInfo, use: (file: ModelFile) => Promise<T>): Promise<T> {
  const { registry, model, size, taskOptions, reporter } = request
  const format = formatOfPath(model, info.formats)
  if (format) return use(await foreignFile(request, format))
  const exporter = await exporterFor(registry, info)
  const loaded = await loadModel(registry, { argument: model, size, taskOptions, randomWeights: true })
  const { architecture, name } = loaded
  reporter.note(`${name}: ${architecture.input.size} px, ${architecture.task.name} ${JSON.stringify(architecture.task.options)}`)
  const folder = await mkdtemp(join(tmpdir(), 'mnas-benchmark-'))
  try {
    reporter.stage('Export', exporter.format)
    return await use(await exportModel(exporter, loaded, { folder, postProcessing: false }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
