import type { Genome, LatencyModel, SearchGoal } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { median } from '@mnas/core/measurement'
import { estimateFacts } from '../facts/estimate-facts.js'
import { knownFacts, type Timed } from '../facts/known-facts.js'
import { fitSizeModel, type SizeModel } from '../facts/size-model.js'
import { keyOf } from '../genome-key.js'
import { operatorLatencyModel } from '../latency/operator-latency-model.js'
import { behindNetwork } from '../objectives/behind-network.js'
import { withinLimits } from '../objectives/within-limits.js'
import { randomGenomes } from '../space/random-genomes.js'
import { measureOnce } from '../trials/measure-once.js'
import type { EstimatedSpace, SizedSpace } from './estimated-space.js'
import { frontRange } from './front-range.js'
import { requireReachable } from './require-reachable.js'
import { addedMsOf, type Search, type StartedSearch } from './search.js'

const calibrationNetworks = 8
/** Enough that the median of the estimates moves by a few percent from seed to seed. */
const genomesForMedian = 64

/** A network that is timed before the first trial. */
interface Network extends SizedSpace {
  readonly genome: Genome
}

/**
 * The start of a search (design, the life of a trial): the smallest network of the smallest width against the goal, 8
 * calibration networks across the widths, the width. All of it follows from recorded measurements, so a resumed search comes to
 * the same.
 * @throws MNAS_SEARCH_TARGET_UNREACHABLE, MNAS_SEARCH_LIMIT_UNREACHABLE
 */
export async function startSearch(search: Search): Promise<StartedSearch> {
  const { goal, reporter } = search
  const spaces = (goal.width === 'auto' ? search.spaces.widths : [goal.width]).map((width) => sized(search, width))
  const narrowest = spaces[0]!
  reporter.stage('smallest network', `width ${narrowest.width}`)
  const smallest = { ...narrowest, genome: narrowest.space.smallest() }
  requireReachable(search, smallest, await timeNetwork(search, smallest))
  const targetMs = goal.targetMs ?? (await referenceLatency(search))
  const { models, timed } = await calibrate(search, [smallest, ...calibrationSet(spaces, goal.seed)])
  const chosen = chooseWidth(search, spaces, models)
  const wanted = goalOf(search, targetMs, chosen)
  const ofWidth = timed.filter(({ width }) => width === chosen.width)
  const calibrated = new Map(ofWidth.map(({ genome, ...known }) => [keyOf(genome), known.timed]))
  const facts = knownFacts(search.store, chosen.space, chosen.estimate, calibrated)
  return { ...search, width: chosen.width, space: chosen.space, targetMs, wanted, objective: wanted.objective, facts }
}

/** What is to be found, within all limits and with what runs behind a network. */
function goalOf(search: Search, statedMs: number, chosen: EstimatedSpace): SearchGoal {
  const { objectives, goal, headline } = search
  const { limits } = goal
  const objectiveAt = (targetMs: number) => {
    const alone = objectives.create({ targetMs, metric: headline.name, limits })
    return withinLimits(behindNetwork(alone, addedMsOf(search)), limits)
  }
  if (objectives.goal !== 'front') return { kind: 'best', objective: objectiveAt(statedMs) }
  const rangeMs = frontRange(search, chosen)
  return { kind: 'front', objective: objectiveAt(rangeMs[1]), rangeMs, objectiveAt }
}

function sized(search: Search, width: number): SizedSpace {
  return { width, space: search.spaces.create({ width, ...taskAndSize(search) }) }
}

const taskAndSize = ({ goal, task, taskOptions }: Search) => ({
  inputSize: goal.size,
  task: { name: task.name, options: taskOptions },
})

async function timeNetwork(search: Search, { space, genome }: Network): Promise<Timed> {
  return measureOnce(search, space.decode(genome), 'full')
}

async function referenceLatency(search: Search): Promise<number> {
  const reference = search.spaces.reference(taskAndSize(search))
  search.reporter.stage('reference', reference.name)
  return (await measureOnce(search, reference, 'full')).latency.latencyMs + addedMsOf(search)
}

/** Random networks, their widths spread evenly over those that may be chosen. */
function calibrationSet(spaces: readonly SizedSpace[], seed: number): readonly Network[] {
  return Array.from({ length: calibrationNetworks }, (_, index) => {
    const sizedSpace = spaces[index % spaces.length]!
    return { ...sizedSpace, genome: randomGenomes(sizedSpace.space, 1, seed, `calibration ${index}`)[0]! }
  })
}

async function calibrate(search: Search, networks: readonly Network[]) {
  search.reporter.stage('calibration', `${networks.length} networks`)
  const timed: (Network & { readonly timed: Timed })[] = []
  const { measuredAtOnce } = search
  for (let first = 0; first < networks.length; first += measuredAtOnce) {
    const some = networks.slice(first, first + measuredAtOnce)
    // None goes on behind the failure of another.
    const ends = await Promise.allSettled(some.map((network) => timeNetwork(search, network)))
    for (const [index, end] of ends.entries()) {
      if (end.status === 'rejected') throw end.reason
      timed.push({ ...some[index]!, timed: end.value })
    }
    search.reporter.progress({ done: timed.length, total: networks.length, unit: 'networks' })
  }
  const files = timed.map(({ space, genome, timed: { latency, sizeBytes } }) => ({
    graph: lower(space.decode(genome), search.task),
    latencyMs: latency.latencyMs,
    sizeBytes,
  }))
  const latency = operatorLatencyModel()
  latency.fit(files)
  const sizes = fitSizeModel(files.flatMap(({ graph, sizeBytes }) => (sizeBytes === null ? [] : [{ graph, sizeBytes }])))
  return { models: { latency, sizes }, timed }
}

/** What the calibration taught. */
interface Models {
  readonly latency: LatencyModel
  readonly sizes: SizeModel | null
}
/**
 * The largest width whose median estimated latency meets the target (of a front, the middle of its range), else the smallest;
 * without a stated one the whole skeleton.
 */
function chooseWidth(search: Search, spaces: readonly SizedSpace[], { latency, sizes }: Models): EstimatedSpace {
  const { width, seed } = search.goal
  const estimated = (one: SizedSpace) => ({ ...one, estimate: estimateFacts(one.space, latency, search.task, sizes) })
  if (width !== 'auto') return estimated(spaces[0]!)
  const targetMs = typicalTarget(search.goal)
  if (targetMs === null) return estimated(spaces.find((one) => one.width === 1) ?? sized(search, 1))
  const fitting = spaces.map(estimated).filter(({ space, estimate }) => {
    const genomes = randomGenomes(space, genomesForMedian, seed, 'width')
    return median(genomes.map((genome) => estimate(genome).latency.latencyMs)) + addedMsOf(search) <= targetMs
  })
  return fitting.at(-1) ?? estimated(spaces[0]!)
}

function typicalTarget({ targetMs, rangeMs }: Search['goal']): number | null {
  return rangeMs ? (rangeMs[0] + rangeMs[1]) / 2 : targetMs
}
