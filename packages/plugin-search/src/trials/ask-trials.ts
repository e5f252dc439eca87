import { architectureHash } from '@mnas/core/architecture'
import type { Proposal, Strategy } from '@mnas/core/contracts'
import type { TrialRecord } from '../run/records.js'
import type { Proposing, Started } from '../start/search.js'
import { recordOutcome, tellAgain } from './record-outcome.js'

/** What came of asking for some candidates. */
export interface Asked {
  /** To be measured: none when all proposals were known or not worth it. */
  readonly trials: readonly TrialRecord[]
  /** The strategy has nothing more to propose. */
  readonly exhausted: boolean
  /** Turned down by their estimates, recorded as infeasible. */
  readonly rejected: number
  /** Known already, so told again (or, when they have not ended, as soon as they do). */
  readonly known: number
}

/**
 * Asks for up to `n` candidates and screens them by their estimates. The strategy thinks first; then each proposal is recorded
 * in one short transaction with the state that the strategy has come to. One that is not worth training is recorded as
 * infeasible; an architecture that the run knows is told again, neither trained nor counted.
 * @param counted trials that count so far
 */
export async function askTrials(search: Started<Proposing>, strategy: Strategy, n: number, counted: number): Promise<Asked> {
  const proposals = await strategy.ask(n)
  const trials: TrialRecord[] = []
  const count = { rejected: 0, known: 0 }
  // All at once: should this end in the middle, the strategy's state and what it proposed still belong together.
  const recorded = search.store.transaction(() => {
    const all = proposals.map((proposal) => recordProposal(search, proposal))
    search.store.setState(strategy.state())
    return all
  }, false)
  for (const { trial, kind, proposal } of recorded) {
    if (kind === 'new') trials.push(trial)
    else if (kind === 'rejected') {
      count.rejected++
      const { id, genome, facts } = trial
      const outcome = { trial: id, proposal, genome, facts, status: 'infeasible' } as const
      await recordOutcome(search, strategy, trial, outcome, counted)
    } else {
      count.known++
      await tellAgain(search, strategy, trial, proposal)
    }
  }
  return { ...count, trials, exhausted: proposals.length === 0 }
}

interface Recorded {
  readonly kind: 'new' | 'rejected' | 'known'
  readonly trial: TrialRecord
  readonly proposal: number
}

function recordProposal({ store, space, facts, objective }: Started<Proposing>, { id: proposal, genome }: Proposal): Recorded {
  const canonical = space.canonical(genome)
  const known = store.trialOf(canonical)
  if (known) {
    store.addRepeat(known.id, proposal)
    return { kind: 'known', trial: known, proposal }
  }
  const architecture = space.decode(canonical)
  const candidate = architectureHash(architecture)
  const trial = store.addTrial({ proposal, candidate, genome: canonical, facts: facts.ofUntried(canonical) })
  store.addEvent({ kind: 'asked', trial: trial.id, candidate, proposal })
  if (!objective.worthTraining(trial.facts)) return { kind: 'rejected', trial, proposal }
  store.setArchitecture(trial.id, architecture)
  return { kind: 'new', trial, proposal }
}
