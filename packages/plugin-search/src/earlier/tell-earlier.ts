import { architectureHash } from '@mnas/core/architecture'
import type { Genome, Strategy } from '@mnas/core/contracts'
import { keyOf } from '../genome-key.js'
import type { CompletedOutcome } from '../run/records.js'
import type { StartedSearch } from '../start/search.js'
import { reportEvent } from '../trials/progress/report-event.js'
import { worthOf } from '../trials/worth-of.js'
import type { EarlierNetwork } from './earlier-run.js'
import { isComparable } from './is-comparable.js'

/**
 * Tells the strategy what another run has found, before anything is asked: accuracies that are known cost no training, and this
 * device's facts of the same networks are estimates. Networks that are none of this space are counted alone. All of it is recorded
 * at once, so that a killed search has told all or nothing.
 */
export async function tellEarlier(search: StartedSearch, strategy: Strategy): Promise<void> {
  const { earlier, store } = search
  // Anything that was asked, was asked behind this.
  if (!earlier || store.trials({ limit: 1 }).length > 0) return
  const { known, others } = ofThisSpace(search, await earlier.trained())
  const outcomes = [...known.values()].map((network, index) => outcomeOf(search, network, index + 1))
  await strategy.tell(outcomes)
  const event = { kind: 'told-earlier', trial: null, run: earlier.folder, told: outcomes.length, others } as const
  store.transaction(() => {
    for (const outcome of outcomes) {
      const { genome, facts } = outcome
      const architecture = search.space.decode(genome)
      const { id } = store.addTrial({ proposal: null, candidate: architectureHash(architecture), genome, facts })
      store.setArchitecture(id, architecture)
      store.endTransferred(outcome, null)
      store.addTold(id, null)
    }
    store.addEvent(event)
    store.setState(strategy.state())
  })
  reportEvent(search, event)
  warnOfLittle(search, earlier.folder, outcomes)
}

/** What the networks of the other run cannot do for this one. */
function warnOfLittle(search: StartedSearch, folder: string, outcomes: readonly CompletedOutcome[]): void {
  const { objective, reporter, precision, wanted, goal } = search
  if (outcomes.length === 0) return
  const judged = outcomes.filter(({ estimate }) => isComparable(search, estimate.quantized)).length
  const may = wanted.kind === 'best' && goal.retrainTop >= 2 ? '; one that is trained again at the end may win' : ''
  if (judged < outcomes.length)
    reporter.warn(
      `Nobody knows what ${outcomes.length - judged} of the ${outcomes.length} networks of "${folder}" are worth as ${precision} files, ` +
        `which is what counts here: they guide the search, and take no place among its results${may}.`,
    )
  if (outcomes.some(({ facts }) => objective.worthTraining(facts))) return
  reporter.warn(`None of what "${folder}" has trained seems fast enough here: its accuracies alone are used.`)
}

type Known = EarlierNetwork & { readonly genome: Genome }

function ofThisSpace({ space }: StartedSearch, trained: readonly EarlierNetwork[]) {
  const known = new Map<string, Known>()
  let others = 0
  for (const network of trained) {
    const { genome, differences } = space.encode(network.architecture)
    const canonical = space.canonical(genome)
    if (differences.length > 0) others++
    else known.set(keyOf(canonical), { ...network, genome: canonical })
  }
  return { known, others }
}

/**
 * As if it had been trained here: what it is worth follows from this device's facts, and from what is left of it in the file where
 * both searches look at the same files.
 */
function outcomeOf(search: StartedSearch, { genome, metrics, quantized, architecture }: Known, trial: number): CompletedOutcome {
  const facts = search.facts.of(genome)
  const { fidelity } = search.request(architecture).job
  const asFile = search.judge && quantized && isComparable(search, quantized) ? { quantized } : {}
  const estimate = { metrics, fidelity, ...asFile }
  // Trained through the same rungs, or its run would not be one to learn from.
  const rung = search.rungs ? { rung: search.rungs.trainings.length - 1 } : {}
  const told = { trial, proposal: null, genome, facts, status: 'completed' } as const
  return { ...told, ...rung, estimate, ...worthOf(search, facts, estimate) }
}
