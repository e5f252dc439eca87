import type { Architecture } from '@mnas/core/architecture'
import { parseOptions } from '@mnas/core/config'
import type {
  DataPlace,
  DeviceInfo,
  Exporter,
  Fidelity,
  Hash,
  JsonObject,
  ObjectiveFactory,
  OptionValues,
  Precision,
  SearchObjective,
  SpaceFactory,
  StrategyFactory,
  Task,
  TrainingEngine,
} from '@mnas/core/contracts'
import { openData, skippedFilesTeller } from '@mnas/core/data'
import { exporterFor, requirePrecision } from '@mnas/core/deployment'
import { liesWithin } from '@mnas/core/files'
import { type DevicePool, deviceContext, openPool } from '@mnas/core/measurement'
import { fitRecipe, primaryMetric, type Recipe } from '@mnas/core/training'
import { searchErrors } from '../errors.js'
import type { SearchRequest, Surroundings } from './search-request.js'

/** What is known of the images without training on them. */
export interface DataFacts {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly training: number
  readonly heldOut: number
  readonly taskOptions: JsonObject
}

/** All that a search needs of the outside, found and checked before anything is written. */
export interface Materials {
  readonly task: Task
  /** Name of the metric that is learned: the task's first. */
  readonly metric: string
  readonly space: SpaceFactory
  readonly strategy: StrategyFactory
  readonly strategyOptions: OptionValues
  readonly objective: ObjectiveFactory
  readonly engine: TrainingEngine
  readonly data: DataFacts
  readonly devices: DevicePool
  readonly deviceInfo: DeviceInfo
  /** What each benchmark is told besides its effort. */
  readonly deviceFlags: OptionValues
  readonly exporter: Exporter
  /** Of the files that are timed. */
  readonly precision: Precision
  readonly recipe: Recipe
  readonly fidelity: Fidelity
  /** The space's reference network for this data at the deployed size. */
  readonly reference: Architecture
}

/** The caller closes the devices. @throws whatever is wrong with a name, the images or the device */
export async function openMaterials(request: SearchRequest, around: Surroundings): Promise<Materials> {
  const { registry, settings } = around
  await requireOutsideImages(request)
  const objectiveName = request.objective ?? (request.targetMs === null ? 'soft' : 'hard')
  const [task, space, strategy, objective, engine] = await Promise.all([
    registry.get('task', request.task),
    registry.get('space', request.space),
    registry.get('strategy', request.strategy),
    registry.get('objective', objectiveName),
    registry.get('engine', settings.engine),
  ])
  const strategyOptions = parseOptions(`strategy ${strategy.name}`, strategy.options ?? [], request.strategyOptions)
  const metric = primaryMetric(task)
  checkTarget(request, objective, metric, around)
  const data = await lookAtData(task, request.data, around)
  const recipe = fitRecipe(task.recipes.proxy, { epochs: request.proxyEpochs }, data.training)
  const { proxyEpochs: epochs, proxySize: inputSize } = request
  const fidelity = { epochs, scheduleEpochs: epochs, inputSize, headFilters: space.proxyHeadFilters }
  const reference = space.reference({ inputSize: request.size, task: { name: task.name, options: data.taskOptions } })
  const { signal, reporter } = around
  const context = deviceContext(registry, { cacheFolder: settings.cacheFolder, signal, warn: reporter.warn })
  const wish = { device: settings.device, options: request.deviceOptions }
  const { pool: devices, flags: deviceFlags } = await openPool(registry, wish, context)
  try {
    const deviceInfo = devices.info
    if (devices.size > 1) reporter.note(`${devices.size} devices of one make share what there is to measure.`)
    if (deviceInfo.emulated)
      around.reporter.warn(`Device "${settings.device}" is emulated: its latencies are not those of hardware.`)
    const exporter = await exporterFor(registry, deviceInfo)
    const parts = { task, metric, space, strategy, strategyOptions, objective, engine }
    const { precision } = request
    requirePrecision(exporter, precision)
    return { ...parts, data, devices, deviceInfo, deviceFlags, exporter, precision, recipe, fidelity, reference }
  } catch (error) {
    await devices.close()
    throw error
  }
}

/** A run among the images would be a class of the next one. @throws MNAS_RUN_FOLDER */
async function requireOutsideImages({ out, data }: SearchRequest): Promise<void> {
  if (!(await liesWithin(out, data.folder))) return
  throw searchErrors.MNAS_RUN_FOLDER({ folder: out, received: `a place among the images of "${data.folder}"` })
}

/** @throws MNAS_SEARCH_TARGET_NEEDED */
function checkTarget(
  { targetMs, limits }: SearchRequest,
  objective: ObjectiveFactory,
  metric: string,
  { reporter }: Surroundings,
): void {
  const { name, needsTarget } = objective
  if (targetMs === null) {
    if (needsTarget) throw searchErrors.MNAS_SEARCH_TARGET_NEEDED({ objective: name })
    return
  }
  if (turnsAwayBySpeed(objective.create({ targetMs, metric, limits }), targetMs)) return
  reporter.warn(
    `With --objective ${name} no network is too slow: the target latency is no budget and cannot act as one; ` +
      'use hard or absolute for that.',
  )
}

const farTooSlow = 1000

function turnsAwayBySpeed(objective: SearchObjective, targetMs: number): boolean {
  const costs = { parameters: 0, macs: 0, peakMemoryBytes: 0 }
  const latency = { latencyMs: farTooSlow * targetMs, source: 'measured', relativeError: 0 } as const
  return !objective.worthTraining({ latency, costs, sizeBytes: 0 })
}

async function lookAtData(task: Task, place: DataPlace, { settings, reporter, signal }: Surroundings): Promise<DataFacts> {
  const { cacheFolder, cacheLimit: cacheLimitBytes, workers } = settings
  const dataset = await openData(task, { ...place, cacheFolder, cacheLimitBytes, workers }, { reporter, signal })
  try {
    skippedFilesTeller(reporter)(dataset.skipped)
    const { fingerprint, labels } = dataset
    const taskOptions = task.optionsFor(dataset)
    return { fingerprint, labels, training: dataset.size('train'), heldOut: dataset.size('heldOut'), taskOptions }
  } finally {
    await dataset.close()
  }
}
