import type { Architecture } from '@mnas/core/architecture'
import type { LatencyModel, SearchObjective, SearchSpace } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { median } from '@mnas/core/measurement'
import { searchErrors } from '../errors.js'
import { operatorLatencyModel } from '../latency/operator-latency-model.js'
import { measureOnce } from '../trials/measure-once.js'
import { randomGenomes } from './random-genomes.js'
import type { SearchGoal, SearchParts } from './search-parts.js'

/** What the first measurements settle for the rest of the search. */
export interface Ground {
  readonly width: number
  readonly space: SearchSpace
  readonly targetMs: number
  readonly objective: SearchObjective
  readonly model: LatencyModel
}

const calibrationNetworks = 8
/** Enough that the median of the estimates moves by a few percent from seed to seed. */
const genomesForMedian = 64

/**
 * The start of a search (design, the life of a trial): the smallest network of the smallest width against the target, 8 calibration networks
 * across the widths, the width. All of it follows from recorded measurements, so a resumed search comes to the same.
 * @throws MNAS_SEARCH_TARGET_UNREACHABLE
 */
export async function beginSearch(parts: SearchParts, goal: SearchGoal): Promise<Ground> {
  const widths = goal.width === 'auto' ? parts.space.widths : [goal.width]
  const spaces = widths.map((width) => ({ width, space: spaceOf(parts, goal, width) }))
  const smallest = await requireReachable(parts, goal, spaces[0]!)
  const targetMs = goal.targetMs ?? (await referenceLatency(parts))
  const networks = calibrationSet(spaces, goal)
  const model = await calibrate(parts, [smallest, ...networks])
  const { width, space } = goal.width === 'auto' ? chooseWidth(parts, goal, spaces, model) : spaces[0]!
  const objective = parts.objective.create({ targetMs, metric: parts.task.primaryMetric })
  return { width, space, targetMs, objective, model }
}

interface SizedSpace {
  readonly width: number
  readonly space: SearchSpace
}

function spaceOf(parts: SearchParts, goal: SearchGoal, width: number): SearchSpace {
  return parts.space.create({ width, inputSize: goal.size, task: { name: parts.task.name, options: parts.taskOptions } })
}

async function requireReachable(parts: SearchParts, goal: SearchGoal, { width, space }: SizedSpace): Promise<Architecture> {
  parts.reporter.stage('smallest network', `width ${width}`)
  const smallest = space.decode(space.smallest())
  const { latencyMs } = await measureOnce(parts, smallest, 'full')
  if (goal.targetMs !== null && latencyMs > goal.targetMs) {
    throw searchErrors.MNAS_SEARCH_TARGET_UNREACHABLE({
      targetMs: goal.targetMs,
      smallestMs: latencyMs,
      width,
      size: goal.size,
      device: goal.device,
      widths: goal.width !== 'auto',
    })
  }
  return smallest
}

async function referenceLatency(parts: SearchParts): Promise<number> {
  parts.reporter.stage('reference', parts.reference.name)
  return (await measureOnce(parts, parts.reference, 'full')).latencyMs
}

/** Random networks, their widths spread evenly over those that may be chosen. */
function calibrationSet(spaces: readonly SizedSpace[], goal: SearchGoal): readonly Architecture[] {
  return Array.from({ length: calibrationNetworks }, (_, index) => {
    const { space } = spaces[index % spaces.length]!
    return space.decode(randomGenomes(space, 1, goal.seed, `calibration ${index}`)[0]!)
  })
}

async function calibrate(parts: SearchParts, networks: readonly Architecture[]): Promise<LatencyModel> {
  parts.reporter.stage('calibration', `${networks.length} networks`)
  const measured = []
  for (const [index, architecture] of networks.entries()) {
    const { latencyMs } = await measureOnce(parts, architecture, 'full')
    measured.push({ graph: lower(architecture, parts.task), latencyMs })
    parts.reporter.progress({ done: index + 1, total: networks.length, unit: 'networks' })
  }
  const model = operatorLatencyModel()
  model.fit(measured)
  return model
}

/** The largest width whose median estimated latency meets the target, else the smallest; without a stated target the whole skeleton. */
function chooseWidth(parts: SearchParts, goal: SearchGoal, spaces: readonly SizedSpace[], model: LatencyModel): SizedSpace {
  const { targetMs } = goal
  if (targetMs === null) return spaces.find(({ width }) => width === 1) ?? { width: 1, space: spaceOf(parts, goal, 1) }
  const fitting = spaces.filter(({ space }) => {
    const genomes = randomGenomes(space, genomesForMedian, goal.seed, 'width')
    return median(genomes.map((genome) => model.predict(lower(space.decode(genome), parts.task)).latencyMs)) <= targetMs
  })
  return fitting.at(-1) ?? spaces[0]!
}
