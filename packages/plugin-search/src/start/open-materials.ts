import type { Architecture } from '@mnas/core/architecture'
import { parseOptions } from '@mnas/core/config'
import type {
  DeviceInfo,
  Exporter,
  Fidelity,
  ObjectiveFactory,
  OptionValues,
  Precision,
  SearchObjective,
  SpaceFactory,
  StrategyFactory,
  Task,
  TrainingEngine,
} from '@mnas/core/contracts'
import { exporterFor, requirePrecision } from '@mnas/core/deployment'
import { liesWithin } from '@mnas/core/files'
import { type DevicePool, deviceContext, openPool } from '@mnas/core/measurement'
import { fitRecipe, type Recipe } from '@mnas/core/training'
import { searchErrors } from '../errors.js'
import { givenStrategy } from '../proxy/given-strategy.js'
import { type OpenProxy, openProxy, proxyName } from '../proxy/open-proxy.js'
import { type DataFacts, lookAtData } from './data-facts.js'
import type { SearchRequest, Surroundings } from './search-request.js'

/** All that a search needs of the outside, found and checked before anything is written. */
export interface Materials {
  readonly task: Task
  /** How candidates are judged, and what they are trained for and on. */
  readonly proxy: OpenProxy
  /** As it was asked for, or that of the networks that were given. */
  readonly width: 'auto' | number
  readonly space: SpaceFactory
  readonly strategy: StrategyFactory
  readonly strategyOptions: OptionValues
  readonly objective: ObjectiveFactory
  readonly engine: TrainingEngine
  /** Of the task itself. */
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
  const objectiveName = request.objective ?? (request.targetMs === null ? 'front' : 'hard')
  const [task, space, asked, objective, engine] = await Promise.all([
    registry.get('task', request.task),
    registry.get('space', request.space),
    registry.get('strategy', request.strategy),
    registry.get('objective', objectiveName),
    registry.get('engine', settings.engine),
  ])
  const strategyOptions = parseOptions(`strategy ${asked.name}`, asked.options ?? [], request.strategyOptions)
  checkGoal(request, objective)
  checkTarget(request, objective, task.headlines[0].name, around)
  proxyName(task, request)
  const data = await lookAtData(task, request.data, around)
  const proxy = await openProxy(task, data, request, around)
  const { backbones } = proxy
  const width = backbones ? backbones.widthIn(space) : request.width
  const strategy = backbones ? givenStrategy(backbones.genomes) : asked
  const recipe = fitRecipe(proxy.task.recipes.proxy, { epochs: request.proxyEpochs }, proxy.data.training)
  const { proxyEpochs: epochs, proxySize: inputSize = proxy.inputSize } = request
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
    const parts = { task, proxy, width, space, strategy, strategyOptions, objective, engine }
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

/** A target is for one network, a range for a front. @throws MNAS_SEARCH_GOAL */
function checkGoal({ targetMs, rangeMs }: SearchRequest, { name, goal = 'best' }: ObjectiveFactory): void {
  const received = goal === 'front' ? targetMs !== null && '--target-latency' : rangeMs !== null && '--latency-range'
  if (received) throw searchErrors.MNAS_SEARCH_GOAL({ objective: name, goal, received })
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
