import type { Architecture } from '@mnas/core/architecture'
import { parseOptions } from '@mnas/core/config'
import type {
  Fidelity,
  ObjectiveFactory,
  OptionValues,
  SearchObjective,
  SpaceFactory,
  StrategyFactory,
  Task,
  TrainingEngine,
} from '@mnas/core/contracts'
import { liesWithin } from '@mnas/core/files'
import { fitRecipe, type Recipe } from '@mnas/core/training'
import { searchErrors } from '../errors.js'
import { givenStrategy } from '../proxy/given-strategy.js'
import { type OpenProxy, openProxy, proxyName } from '../proxy/open-proxy.js'
import { openRungs } from '../rungs/open-rungs.js'
import type { TrainedRungs } from '../rungs/rungs.js'
import { type DataFacts, lookAtData } from './data-facts.js'
import { type DeviceSide, openDevices } from './open-devices.js'
import type { SearchRequest, Surroundings } from './search-request.js'

/** All that a search needs of the outside, found and checked before anything is written. */
export interface Materials extends DeviceSide {
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
  readonly recipe: Recipe
  readonly fidelity: Fidelity
  /** The last is the proxy's own training; null: it is the only one. */
  readonly rungs: TrainedRungs | null
  /** The space's reference network for this data at the deployed size. */
  readonly reference: Architecture
}

/** The caller closes the devices. @throws whatever is wrong with a name, the images or the device */
export async function openMaterials(request: SearchRequest, around: Surroundings): Promise<Materials> {
  const { registry, settings } = around
  await requireOutsideImages(request)
  const objectiveName = request.objective ?? defaultObjective(request)
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
  const rungs = request.rungs ? await openRungs(request.rungs, { proxy, recipe, fidelity, reference }, registry) : null
  const { deviceOptions, precision } = request
  const side = await openDevices({ device: settings.device, deviceOptions, precision }, around)
  const parts = { task, proxy, width, space, strategy, strategyOptions, objective, engine }
  return { ...parts, ...side, data, recipe, fidelity, rungs, reference }
}

/** A run among the images would be a class of the next one. @throws MNAS_RUN_FOLDER */
async function requireOutsideImages({ out, data }: SearchRequest): Promise<void> {
  if (!(await liesWithin(out, data.folder))) return
  throw searchErrors.MNAS_RUN_FOLDER({ folder: out, received: `a place among the images of "${data.folder}"` })
}

/** Networks that are given are all to be looked at, however slow. */
function defaultObjective({ targetMs, backbones }: SearchRequest): string {
  if (targetMs !== null) return 'hard'
  return backbones === undefined ? 'front' : 'soft'
}

/** A target is for one network, a range for a front. @throws MNAS_SEARCH_GOAL */
export function checkGoal(
  { targetMs, rangeMs }: Pick<SearchRequest, 'targetMs' | 'rangeMs'>,
  { name, goal = 'best' }: ObjectiveFactory,
): void {
  const received = goal === 'front' ? targetMs !== null && '--target-latency' : rangeMs !== null && '--latency-range'
  if (received) throw searchErrors.MNAS_SEARCH_GOAL({ objective: name, goal, received })
}

/** @throws MNAS_SEARCH_TARGET_NEEDED */
export function checkTarget(
  { targetMs, limits }: Pick<SearchRequest, 'targetMs' | 'limits'>,
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
