import type { Architecture } from '@mnas/core/architecture'
import type { SearchGoal, SearchSpace } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { median } from '@mnas/core/measurement'
import type { WorkOf } from '../facts/estimated.js'
import { genomeWork } from '../facts/genome-work.js'
import { type KnownFacts, knownFacts, type Timed } from '../facts/known-facts.js'
import { runEstimates } from '../facts/run-estimates.js'
import { fitSizeModel, type SizedFile, sizeFeatures } from '../facts/size-model.js'
import { keyOf } from '../genome-key.js'
import { frontRange } from '../goal/front-range.js'
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
import { addedMsOf, type Proposing, type Started } from './search.js'

/** Enough that the median of the estimates moves by a few percent from seed to seed. */
const genomesForMedian = 64

/**
 * The start of a search (design, the life of a trial): the smallest network of the smallest width against the goal, 8
 * calibration networks across the widths, the width. All of it follows from recorded measurements, so a resumed search comes to
 * the same.
 * @throws MNAS_SEARCH_TARGET_UNREACHABLE, MNAS_SEARCH_LIMIT_UNREACHABLE
 */
export async function startSearch<S extends Proposing>(search: S): Promise<Started<S>> {
  const { goal, reporter } = search
  const spaces = sizedSpaces(choiceOf(search))
  const networks = calibrationNetworks(spaces, goal.seed)
  const smallest = networks[0]!
  reporter.stage('smallest network', `width ${smallest.width}`)
  requireReachable(search, smallest, await timeNetwork(search, smallest))
  const reference = goal.targetMs === null ? await timeReference(search) : null
  const targetMs = goal.targetMs ?? reference!.latencyMs + addedMsOf(search)
  const timed = await calibrate(search, networks)
  const samples = [...timed.map(({ sample }) => sample), ...(reference ? [reference] : [])]
  const chosen = chooseWidth(search, spaces, fitLatencyModel(samples))
  const facts = openFacts(search, chosen, samples, timed)
  const wanted = goalOf(search, targetMs, chosen.space, facts)
  return { ...search, width: chosen.width, space: chosen.space, targetMs, wanted, objective: wanted.objective, facts }
}

/** What is to be found, within all limits and with what runs behind a network. */
function goalOf(search: Proposing, statedMs: number, space: SearchSpace, facts: KnownFacts): SearchGoal {
  const { objectives, goal, headline } = search
  const { limits } = goal
  const objectiveAt = (targetMs: number) => {
    const alone = objectives.create({ targetMs, metric: headline.name, limits })
    return withinLimits(behindNetwork(alone, addedMsOf(search)), limits)
  }
  if (objectives.goal !== 'front') return { kind: 'best', objective: objectiveAt(statedMs) }
  const rangeMs = frontRange(search, space, facts)
  return { kind: 'front', objective: objectiveAt(rangeMs[1]), rangeMs, objectiveAt }
}

function openFacts(
  { store }: Proposing,
  { width, space, work }: WorkedSpace,
  samples: readonly LatencySample[],
  timed: readonly TimedNetwork[],
): KnownFacts {
  const ofWidth = timed.filter((network) => network.width === width)
  const calibrated = new Map(ofWidth.map(({ genome, ...known }) => [keyOf(genome), known.timed]))
  const sizes = fitSizeModel(timed.map(({ file }) => file))
  const facts = knownFacts(store, space, runEstimates(store, work, samples, calibrated, sizes), calibrated)
  if (!store.latencyAccuracy()) store.addEvent({ kind: 'latency-model', trial: null, ...facts.accuracy() })
  return facts
}

const choiceOf = ({ goal, spaces, task, taskOptions: options }: Proposing): SpaceChoice => ({
  spaces,
  width: goal.width,
  size: goal.size,
  task: { name: task.name, options },
})

async function timeNetwork(search: Proposing, { space, genome }: CalibrationNetwork): Promise<Timed> {
  return measureOnce(search, space.decode(genome), 'full')
}

async function timeReference(search: Proposing): Promise<LatencySample> {
  const reference = search.spaces.reference({ inputSize: search.goal.size, task: choiceOf(search).task })
  search.reporter.stage('reference', reference.name)
  return sampleOf(search, reference, await measureOnce(search, reference, 'full'))
}

const sampleOf = ({ task }: Proposing, architecture: Architecture, { latency }: Timed): LatencySample => ({
  features: featuresOf(lower(architecture, task)),
  latencyMs: latency.latencyMs,
})

interface TimedNetwork extends CalibrationNetwork {
  readonly timed: Timed
  readonly sample: LatencySample
  readonly file: SizedFile
}

async function calibrate(search: Proposing, networks: readonly CalibrationNetwork[]): Promise<readonly TimedNetwork[]> {
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
      const architecture = space.decode(genome)
      const file = { features: sizeFeatures(lower(architecture, search.task)), sizeBytes: end.value.sizeBytes }
      timed.push({ ...some[index]!, timed: end.value, sample: sampleOf(search, architecture, end.value), file })
    }
    search.reporter.progress({ done: timed.length, total: networks.length, unit: 'networks' })
  }
  return timed
}

type WorkedSpace = SizedSpace & { readonly work: WorkOf }

/**
 * The largest width whose median estimated latency meets the target (of a front, the middle of its range), else the smallest;
 * without a stated one the whole skeleton.
 */
function chooseWidth(search: Proposing, spaces: readonly SizedSpace[], { additive }: FittedLatencyModel): WorkedSpace {
  const { width, seed } = search.goal
  const targetMs = typicalTarget(search.goal)
  const worked = (one: SizedSpace) => ({ ...one, work: genomeWork(one.space, featuresOf, search.task) })
  if (width !== 'auto') return worked(spaces[0]!)
  if (targetMs === null) return worked(spaces.find((one) => one.width === 1) ?? sizedSpace(choiceOf(search), 1))
  const fitting = spaces.map(worked).filter(({ space, work }) => {
    const genomes = randomGenomes(space, genomesForMedian, seed, 'width')
    return median(genomes.map((genome) => additive.predictSum(work(genome).features).latencyMs)) + addedMsOf(search) <= targetMs
  })
  return fitting.at(-1) ?? worked(spaces[0]!)
}

function typicalTarget({ targetMs, rangeMs }: Proposing['goal']): number | null {
  return rangeMs ? (rangeMs[0] + rangeMs[1]) / 2 : targetMs
}
