import type { Genome, LatencyModel, SearchSpace } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { median } from '@mnas/core/measurement'
import { estimateFacts } from '../facts/estimate-facts.js'
import type { EstimateOf } from '../facts/estimated.js'
import { knownFacts, type Timed } from '../facts/known-facts.js'
import { keyOf } from '../genome-key.js'
import { operatorLatencyModel } from '../latency/operator-latency-model.js'
import { behindNetwork } from '../objectives/behind-network.js'
import { withinLimits } from '../objectives/within-limits.js'
import { randomGenomes } from '../space/random-genomes.js'
import { measureOnce } from '../trials/measure-once.js'
import { requireReachable } from './require-reachable.js'
import { addedMsOf, type Proposing, type Started } from './search.js'

const calibrationNetworks = 8
/** Enough that the median of the estimates moves by a few percent from seed to seed. */
const genomesForMedian = 64

/** The space at one of its widths. */
export interface SizedSpace {
  readonly width: number
  readonly space: SearchSpace
}
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
export async function startSearch<S extends Proposing>(search: S): Promise<Started<S>> {
  const { goal, headline, reporter } = search
  const { name: metric } = headline
  const { limits } = goal
  const spaces = (goal.width === 'auto' ? search.spaces.widths : [goal.width]).map((width) => sized(search, width))
  const narrowest = spaces[0]!
  reporter.stage('smallest network', `width ${narrowest.width}`)
  const smallest = { ...narrowest, genome: narrowest.space.smallest() }
  requireReachable(search, smallest, await timeNetwork(search, smallest))
  const targetMs = goal.targetMs ?? (await referenceLatency(search))
  const wanted = behindNetwork(search.objectives.create({ targetMs, metric, limits }), addedMsOf(search))
  const objective = withinLimits(wanted, limits)
  const { model, timed } = await calibrate(search, [smallest, ...calibrationSet(spaces, goal.seed)])
  const chosen = chooseWidth(search, spaces, model)
  const ofWidth = timed.filter(({ width }) => width === chosen.width)
  const calibrated = new Map(ofWidth.map(({ genome, ...known }) => [keyOf(genome), known.timed]))
  const facts = knownFacts(search.store, chosen.space, chosen.estimate, calibrated)
  return { ...search, width: chosen.width, space: chosen.space, targetMs, objective, facts }
}

function sized(search: Proposing, width: number): SizedSpace {
  return { width, space: search.spaces.create({ width, ...taskAndSize(search) }) }
}

const taskAndSize = ({ goal, task, taskOptions }: Proposing) => ({
  inputSize: goal.size,
  task: { name: task.name, options: taskOptions },
})

async function timeNetwork(search: Proposing, { space, genome }: Network): Promise<Timed> {
  return measureOnce(search, space.decode(genome), 'full')
}

async function referenceLatency(search: Proposing): Promise<number> {
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

async function calibrate(search: Proposing, networks: readonly Network[]) {
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
  const model = operatorLatencyModel()
  model.fit(
    timed.map(({ space, genome, timed: { latency } }) => ({
      graph: lower(space.decode(genome), search.task),
      latencyMs: latency.latencyMs,
    })),
  )
  return { model, timed }
}

type EstimatedSpace = SizedSpace & { readonly estimate: EstimateOf }

/**
 * The largest width whose median estimated latency meets the target, else the smallest; without a stated target the whole
 * skeleton.
 */
function chooseWidth(search: Proposing, spaces: readonly SizedSpace[], model: LatencyModel): EstimatedSpace {
  const { targetMs, width, seed } = search.goal
  const estimated = (one: SizedSpace) => ({ ...one, estimate: estimateFacts(one.space, model, search.task) })
  if (width !== 'auto') return estimated(spaces[0]!)
  if (targetMs === null) return estimated(spaces.find((one) => one.width === 1) ?? sized(search, 1))
  const fitting = spaces.map(estimated).filter(({ space, estimate }) => {
    const genomes = randomGenomes(space, genomesForMedian, seed, 'width')
    return median(genomes.map((genome) => estimate(genome).latency.latencyMs)) + addedMsOf(search) <= targetMs
  })
  return fitting.at(-1) ?? estimated(spaces[0]!)
}
