import { architectureHash } from '@mnas/core/architecture'
import type { Genome, Strategy } from '@mnas/core/contracts'
import { keyOf } from '../genome-key.js'
import type { CompletedOutcome } from '../run/records.js'
import type { StartedSearch } from '../start/search.js'
import { reportEvent } from '../trials/progress/report-event.js'
import type { EarlierNetwork } from './earlier-run.js'

/**
 * Tells the strategy what another run has found, before anything is asked: accuracies that are known cost no training, and this
 * device's facts of the same networks are estimates. Networks that are none of this space are counted alone. All of it is recorded
 * at once, so that a killed search has told all or nothing.
 */
export async function tellEarlier(search: StartedSearch, strategy: Strategy): Promise<void> {
  const { earlier, store, objective } = search
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
  if (outcomes.some(({ facts }) => objective.worthTraining(facts))) return
  search.reporter.warn(`None of what "${earlier.folder}" has trained seems fast enough here: its accuracies alone are used.`)
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

/** As if it had been trained here: what it is worth follows from this device's facts. */
function outcomeOf(search: StartedSearch, { genome, metrics, architecture }: Known, trial: number): CompletedOutcome {
  const facts = search.facts.of(genome)
  const measured = { metrics, facts }
  const { fidelity } = search.request(architecture).job
  const [values, reward] = [search.objective.values(measured), search.objective.reward(measured)]
  // Trained through the same rungs, or its run would not be one to learn from.
  const rung = search.rungs ? { rung: search.rungs.trainings.length - 1 } : {}
  return { trial, proposal: null, genome, facts, status: 'completed', ...rung, estimate: { metrics, fidelity }, values, reward }
}
