import type { Architecture } from '@mnas/core/architecture'
import { lower } from '@mnas/core/graph'
import { median } from '@mnas/core/measurement'
import type { WorkOf } from '../facts/estimated.js'
import { genomeWork } from '../facts/genome-work.js'
import { type KnownFacts, knownFacts, type Timed } from '../facts/known-facts.js'
import { runEstimates } from '../facts/run-estimates.js'
import { keyOf } from '../genome-key.js'
import type { LatencySample } from '../latency/fit-latency.js'
import { type FittedLatencyModel, featuresOf, fitLatencyModel } from '../latency/operator-latency-model.js'
import { behindNetwork } from '../objectives/behind-network.js'
import { withinLimits } from '../objectives/within-limits.js'
import { randomGenomes } from '../space/random-genomes.js'
import { measureOnce } from '../trials/measure-once.js'
import {
  type CalibrationNetwork,
  calibrationNetworks,
  type SizedSpace,
  type SpaceChoice,
  sizedSpace,
  sizedSpaces,
} from './calibration-networks.js'
import { requireReachable } from './require-reachable.js'
import { addedMsOf, type Search, type StartedSearch } from './search.js'

/** Enough that the median of the estimates moves by a few percent from seed to seed. */
const genomesForMedian = 64

/**
 * The start of a search (design, the life of a trial): the smallest network of the smallest width against the goal, 8
 * calibration networks across the widths, the width. All of it follows from recorded measurements, so a resumed search comes to
 * the same.
 * @throws MNAS_SEARCH_TARGET_UNREACHABLE, MNAS_SEARCH_LIMIT_UNREACHABLE
 */
export async function startSearch(search: Search): Promise<StartedSearch> {
  const { goal, headline, reporter } = search
  const { name: metric } = headline
  const { limits } = goal
  const spaces = sizedSpaces(choiceOf(search))
  const networks = calibrationNetworks(spaces, goal.seed)
  const smallest = networks[0]!
  reporter.stage('smallest network', `width ${smallest.width}`)
  requireReachable(search, smallest, await timeNetwork(search, smallest))
  const reference = goal.targetMs === null ? await timeReference(search) : null
  const targetMs = goal.targetMs ?? reference!.latencyMs + addedMsOf(search)
  const wanted = behindNetwork(search.objectives.create({ targetMs, metric, limits }), addedMsOf(search))
  const objective = withinLimits(wanted, limits)
  const timed = await calibrate(search, networks)
  const samples = [...timed.map(({ sample }) => sample), ...(reference ? [reference] : [])]
  const chosen = chooseWidth(search, spaces, fitLatencyModel(samples))
  const facts = openFacts(search, chosen, samples, timed)
  return { ...search, width: chosen.width, space: chosen.space, targetMs, objective, facts }
}

function openFacts(
  { store }: Search,
  { width, space, work }: WorkedSpace,
  samples: readonly LatencySample[],
  timed: readonly TimedNetwork[],
): KnownFacts {
  const ofWidth = timed.filter((network) => network.width === width)
  const calibrated = new Map(ofWidth.map(({ genome, ...known }) => [keyOf(genome), known.timed]))
  const facts = knownFacts(store, space, runEstimates(store, work, samples, calibrated), calibrated)
  if (!store.latencyAccuracy()) store.addEvent({ kind: 'latency-model', trial: null, ...facts.accuracy() })
  return facts
}

const choiceOf = ({ goal, spaces, task, taskOptions: options }: Search): SpaceChoice => ({
  spaces,
  width: goal.width,
  size: goal.size,
  task: { name: task.name, options },
})

async function timeNetwork(search: Search, { space, genome }: CalibrationNetwork): Promise<Timed> {
  return measureOnce(search, space.decode(genome), 'full')
}

async function timeReference(search: Search): Promise<LatencySample> {
  const reference = search.spaces.reference({ inputSize: search.goal.size, task: choiceOf(search).task })
  search.reporter.stage('reference', reference.name)
  return sampleOf(search, reference, await measureOnce(search, reference, 'full'))
}

const sampleOf = ({ task }: Search, architecture: Architecture, { latency }: Timed): LatencySample => ({
  features: featuresOf(lower(architecture, task)),
  latencyMs: latency.latencyMs,
})

interface TimedNetwork extends CalibrationNetwork {
  readonly timed: Timed
  readonly sample: LatencySample
}

async function calibrate(search: Search, networks: readonly CalibrationNetwork[]): Promise<readonly TimedNetwork[]> {
  search.reporter.stage('calibration', `${networks.length} networks`)
  const timed: TimedNetwork[] = []
  const { measuredAtOnce } = search
  for (let first = 0; first < networks.length; first += measuredAtOnce) {
    const some = networks.slice(first, first + measuredAtOnce)
    // None goes on behind the failure of another.
    const ends = await Promise.allSettled(some.map((network) => timeNetwork(search, network)))
    for (const [index, end] of ends.entries()) {
      if (end.status === 'rejected') throw end.reason
      const { space, genome } = some[index]!
      timed.push({ ...some[index]!, timed: end.value, sample: sampleOf(search, space.decode(genome), end.value) })
    }
    search.reporter.progress({ done: timed.length, total: networks.length, unit: 'networks' })
  }
  return timed
}

type WorkedSpace = SizedSpace & { readonly work: WorkOf }

/**
 * The largest width whose median estimated latency meets the target, else the smallest; without a stated target the whole
 * skeleton.
 */
function chooseWidth(search: Search, spaces: readonly SizedSpace[], { additive }: FittedLatencyModel): WorkedSpace {
  const { targetMs, width, seed } = search.goal
  const worked = (one: SizedSpace) => ({ ...one, work: genomeWork(one.space, featuresOf, search.task) })
  if (width !== 'auto') return worked(spaces[0]!)
  if (targetMs === null) return worked(spaces.find((one) => one.width === 1) ?? sizedSpace(choiceOf(search), 1))
  const fitting = spaces.map(worked).filter(({ space, work }) => {
    const genomes = randomGenomes(space, genomesForMedian, seed, 'width')
    return median(genomes.map((genome) => additive.predictSum(work(genome).features).latencyMs)) + addedMsOf(search) <= targetMs
  })
  return fitting.at(-1) ?? worked(spaces[0]!)
}
