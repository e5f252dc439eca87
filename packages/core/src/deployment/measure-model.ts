import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceBenchmarkAnswer } from '../answers/index.js'
import type {
  BenchmarkOptions,
  Device,
  DeviceContext,
  DeviceInfo,
  DeviceWait,
  LatencyMeasurement,
  ModelFile,
} from '../contracts/index.js'
import type { Reporter } from '../events/index.js'
import { formatOfPath, measureLatency, modelFileAt } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { exporterFor, exportModel } from './files/export-model.js'
import { loadModel } from './load-model.js'
import { findRuntime } from './verification/find-inference.js'

export interface BenchmarkRequest {
  readonly registry: Registry
  readonly context: DeviceContext
  readonly device: Device
  /** MODEL, or a file of a format that the device runs. */
  readonly model: string
  readonly size?: number
  readonly options: BenchmarkOptions
  readonly reporter: Reporter
}

/**
 * Times a model afresh: a file as it is, a MODEL written to a temporary file (with random weights when it has none: they cost the same; so
 * without an operator behind the graph, whose time depends on what the model says).
 */
export async function benchmarkModel(request: BenchmarkRequest): Promise<DeviceBenchmarkAnswer> {
  const { device, model, reporter } = request
  const info = await device.describe()
  return withFile(request, info, async (file) => {
    const measurement = await measureFile(device, file, request.options, reporter)
    const { sizeBytes, inputs, outputs } = file
    return { version: 1, model, device: info.name, emulated: info.emulated, sizeBytes, inputs, outputs, ...measurement }
  })
}

/** Through the spread gate, telling the reporter. */
export function measureFile(
  device: Device,
  file: ModelFile,
  options: BenchmarkOptions,
  reporter: Reporter,
): Promise<LatencyMeasurement> {
  reporter.stage('Measure latency', `${options.processes} processes × ${options.runs} runs`)
  const onRepeat = (spread: number) =>
    reporter.note(`Unstable: the processes differ by ${(100 * spread).toFixed(1)} %; measuring again`)
  const onWait = ({ reason, seconds }: DeviceWait) => reporter.note(`Waiting ${seconds} s: ${reason}`)
  return measureLatency({ device, file, options, onRepeat, onWait })
}

/** A file of anybody's, with what a runtime of this computer says of it where one knows the format. */
async function foreignFile({ registry, context, model }: BenchmarkRequest, format: string): Promise<ModelFile> {
  const file = await modelFileAt(model, format)
  const runtime = await findRuntime(registry, format, context)
  return runtime ? { ...file, ...(await runtime.describe(file, context)) } : file
}

/** The file that a request means, for as long as `use` takes. @param info of the device */
export async function withFile<T>(request: BenchmarkRequest, info: DeviceInfo, use: (file: ModelFile) => Promise<T>): Promise<T> {
  const { registry, model, size, reporter } = request
  const format = formatOfPath(model, info.formats)
  if (format) return use(await foreignFile(request, format))
  const exporter = await exporterFor(registry, info)
  const loaded = await loadModel(registry, { argument: model, randomWeights: true, ...(size !== undefined && { size }) })
  const folder = await mkdtemp(join(tmpdir(), 'mnas-benchmark-'))
  try {
    reporter.stage('Export', exporter.format)
    return await use(await exportModel(exporter, loaded, { folder, postProcessing: false }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
