import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  BenchmarkOptions,
  Device,
  DeviceContext,
  Exporter,
  JsonObject,
  LatencyMeasurement,
  ModelFile,
  ModelRuntime,
  Tensors,
} from '../../contracts/index.js'
import type { Reporter } from '../../events/index.js'
import { renormalize } from '../../graph/index.js'
import { quietMachine } from '../../measurement/index.js'
import type { Registry } from '../../plugins/index.js'
import { drawnCalibration } from '../calibration/drawn-calibration.js'
import { exportModel, postProcessingOf } from '../files/export-model.js'
import type { OperatorTime } from '../files/file-facts.js'
import type { DeployableModel } from '../load-model.js'
import { measureFile } from '../measure-model.js'
import { findRuntime } from '../verification/find-inference.js'
import { asStored } from '../verification/real-values.js'
import { operatorCost, type Runs } from './operator-cost.js'
import type { TimingPhotos } from './timing-photos.js'

/** How quickly a file runs. */
export interface FileTiming {
  /** With the operator behind the graph where that was timed on photos there, else without. */
  readonly measurement: LatencyMeasurement
  /** null: there is none. */
  readonly operator: OperatorTime | null
}

export interface TimingRequest {
  readonly registry: Registry
  readonly context: DeviceContext
  readonly device: Device
  readonly exporter: Exporter
  readonly model: DeployableModel
  /** As the exporter wrote it of the model, and what it was told. */
  readonly file: ModelFile
  readonly exportOptions: JsonObject
  readonly photos: TimingPhotos
  readonly options: BenchmarkOptions
  readonly reporter: Reporter
}

/** Times a file on a device; one that ends in an operator whose time depends on what the model says with it and without, on photos. */
export async function timeFile(request: TimingRequest): Promise<FileTiming> {
  const { device, exporter, model, file, options, reporter } = request
  const operator = postProcessingOf(exporter, model)?.operator
  if (operator === undefined) return { measurement: await measureFile(device, file, options, reporter), operator: null }
  return withBareFile(request, (bare) => timeBoth(request, bare, operator))
}

async function timeBoth(request: TimingRequest, bare: ModelFile, operator: string): Promise<FileTiming> {
  const { device, file, options, photos, reporter } = request
  if (typeof photos === 'string') {
    const measurement = await measureFile(device, bare, options, reporter, 'without its operator')
    return { measurement, operator: unknownTime(operator, measurement, photos) }
  }
  const on = (some: ModelFile) => ({ ...options, inputs: inputsOf(request, some) })
  const without = await measureFile(device, bare, on(bare), reporter, 'on photos, without its operator')
  if (without.given === undefined) return timeHere(request, { bare, without, operator, inputsOf: (some) => on(some).inputs })
  const whole = await measureFile(device, file, on(file), reporter, 'on photos')
  const cost = operatorCost(runsOf(whole), runsOf(without), photos.length)
  return {
    measurement: whole,
    operator: {
      ...{ operator, latencyMs: whole.latencyMs, withoutMs: without.latencyMs },
      ...(cost ?? { costMs: whole.latencyMs - without.latencyMs, largestMs: null }),
      ...{ photos: photos.length, timedOn: 'device', reason: null },
    },
  }
}

interface OnAnother {
  readonly bare: ModelFile
  /** On the device. */
  readonly without: LatencyMeasurement
  readonly operator: string
  readonly inputsOf: (file: ModelFile) => readonly Tensors[]
}

/** The device takes no photos: what the operator takes is measured on this computer, and told apart. */
async function timeHere(request: TimingRequest, { bare, without, operator, inputsOf: photosOf }: OnAnother): Promise<FileTiming> {
  const { registry, context, exporter, file, options, reporter } = request
  const reason = 'the device takes no photos'
  const runtime = await findRuntime(registry, exporter.format, context)
  if (!runtime)
    return {
      measurement: without,
      operator: unknownTime(operator, without, `${reason}, and nothing here runs ${exporter.format}`),
    }
  reporter.stage('Measure latency', 'of the operator, on photos, on this computer')
  const { whole, plain, photos } = await timeInTurn(runtime, { context, options, file, bare, photosOf })
  const cost = operatorCost(whole, plain, photos) ?? { costMs: null, largestMs: null }
  const timed = { latencyMs: null, withoutMs: without.latencyMs, ...cost, photos }
  return { measurement: without, operator: { operator, ...timed, timedOn: 'computer', reason } }
}

interface InTurn extends Pick<TimingRequest, 'context' | 'options' | 'file'> {
  readonly bare: ModelFile
  readonly photosOf: (file: ModelFile) => readonly Tensors[]
}

async function timeInTurn(runtime: ModelRuntime, { context, options, file, bare, photosOf }: InTurn) {
  const [inputs, bareInputs] = [photosOf(file), photosOf(bare)]
  const told = { threads: 1, runs: Math.max(options.runs, inputs.length), flags: {} }
  const [whole, plain]: [number[][], number[][]] = [[], []]
  await quietMachine(context.cacheFolder, context).whileTiming(async () => {
    for (let process = 0; process < options.processes; process++) {
      plain.push([...(await runtime.timeMs(bare, { ...told, inputs: bareInputs }, context))])
      whole.push([...(await runtime.timeMs(file, { ...told, inputs }, context))])
    }
  })
  return { whole, plain, photos: inputs.length }
}

const unknownTime = (operator: string, { latencyMs: withoutMs }: LatencyMeasurement, reason: string): OperatorTime => ({
  ...{ operator, latencyMs: null, withoutMs, costMs: null, largestMs: null, photos: 0, timedOn: 'nothing', reason },
})

const runsOf = ({ processes }: LatencyMeasurement): Runs => processes.map(({ samplesMs = [] }) => samplesMs)

/** The photos as a file of the model stores them. */
function inputsOf({ photos, model: { preprocessing } }: TimingRequest, file: ModelFile): readonly Tensors[] {
  if (typeof photos === 'string') return []
  return photos.map((photo) => asStored(renormalize(photo, preprocessing, file.preprocessing ?? preprocessing), file))
}

/** The same model without the operator. The ranges of its numbers are drawn: they move no time, and finding them takes long. */
async function withBareFile<T>(request: TimingRequest, use: (bare: ModelFile) => Promise<T>): Promise<T> {
  const { exporter, model, file, exportOptions: options } = request
  const { precision } = file
  const folder = await mkdtemp(join(tmpdir(), 'mnas-bare-'))
  try {
    const calibration = drawnCalibration(model.graph)
    return await use(
      await exportModel(exporter, model, {
        ...(precision && { precision }),
        folder,
        options,
        calibration,
        postProcessing: false,
      }),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
