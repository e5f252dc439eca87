import { architectureHash } from '@mnas/core/architecture'
import type { Strategy, TrialOutcome } from '@mnas/core/contracts'
import type { TrialRecord } from '../run/records.js'
import type { TrialSurroundings } from './run-trial.js'

const strategyState = 'strategy'
/** Candidates that one transaction may screen out: a sync to the disk costs more than screening does. */
const screenedAtOnce = 50

/** What came of asking: a candidate to measure, or only candidates that are known or too slow, or nothing more to ask. */
export interface Asked {
  readonly trial: TrialRecord | null
  readonly exhausted: boolean
  /** Screened out on the way, recorded as infeasible. */
  readonly rejected: number
  /** Told again on the way. */
  readonly known: number
}

export function restoreStrategy({ parts }: TrialSurroundings, strategy: Strategy): void {
  const state = parts.store.state(strategyState)
  if (state !== null) strategy.restore(state)
}

/**
 * Asks until a candidate passes the screen of its estimate, all in one transaction with the strategy's state. One that is too slow is recorded
 * as infeasible; an architecture that the run knows is told again, neither trained nor counted.
 */
export function askCandidate(surroundings: TrialSurroundings, strategy: Strategy): Asked {
  const { store } = surroundings.parts
  return store.transaction((): Asked => {
    const count = { rejected: 0, known: 0 }
    let found: TrialRecord | 'exhausted' | null = null
    while (!found && count.rejected + count.known < screenedAtOnce) {
      const answer = askOne(surroundings, strategy)
      if (answer === 'rejected' || answer === 'known') count[answer]++
      else found = answer
    }
    store.setState(strategyState, strategy.state())
    return { ...count, trial: found === 'exhausted' ? null : found, exhausted: found === 'exhausted' }
  })
}

function askOne(
  { parts, ground, facts }: TrialSurroundings,
  strategy: Strategy,
): TrialRecord | 'rejected' | 'known' | 'exhausted' {
  const { store } = parts
  const proposal = strategy.ask(1)[0]
  if (!proposal) return 'exhausted'
  const architecture = ground.space.decode(proposal.genome)
  const candidate = architectureHash(architecture)
  const known = store.trialOf(candidate)
  if (known?.outcome) {
    strategy.tell([{ ...known.outcome, proposal: proposal.id }])
    store.addEvent('told-again', { candidate, proposal: proposal.id }, known.id)
    return 'known'
  }
  const trial = store.addTrial({ proposal: proposal.id, candidate, genome: proposal.genome, architecture })
  store.addEvent('asked', { candidate, proposal: proposal.id }, trial.id)
  const estimated = facts(architecture)
  if (ground.objective.worthTraining(estimated)) return trial
  tell(store, strategy, trial, { proposal: proposal.id, genome: proposal.genome, facts: estimated, status: 'infeasible' })
  return 'rejected'
}

/** Records how a trial ended and tells the strategy, all or nothing. */
export function recordOutcome(
  { parts: { store } }: TrialSurroundings,
  strategy: Strategy,
  trial: TrialRecord,
  outcome: TrialOutcome,
): void {
  store.transaction(() => {
    tell(store, strategy, trial, outcome)
    store.setState(strategyState, strategy.state())
  })
}

function tell(store: TrialSurroundings['parts']['store'], strategy: Strategy, trial: TrialRecord, outcome: TrialOutcome): void {
  strategy.tell([outcome])
  store.endTrial(trial.id, outcome)
  store.addEvent('ended', { status: outcome.status, latencyMs: outcome.facts.latency.latencyMs }, trial.id)
}
