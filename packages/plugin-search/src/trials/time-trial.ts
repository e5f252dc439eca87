import type { Facts, TrialOutcome } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import type { EndedOutcome, TrialRecord } from '../run/records.js'
import type { Proposing, Started } from '../start/search.js'
import { tryMeasure } from './measure-once.js'

/** What every outcome of a trial says. */
export type Told = Pick<TrialOutcome, 'trial' | 'proposal' | 'genome' | 'facts'>

export const toldOf = ({ id: trial, proposal, genome, facts }: TrialRecord): Told => ({ trial, proposal, genome, facts })

/** What is known of a trial's network once it was timed; with an outcome it is over, and not to be trained. */
export interface TimedEnd {
  readonly facts: Facts
  readonly outcome: EndedOutcome | null
}

/**
 * Screens a trial by its estimate, a quick run and the full measurement. Whatever was recorded before is not done again.
 * @throws only when the search itself has to stop
 */
export async function timeTrial(search: Started<Proposing>, trial: TrialRecord): Promise<TimedEnd> {
  const { objective, space } = search
  let { facts } = trial
  const end = (outcome: EndedOutcome): TimedEnd => ({ facts, outcome })
  const told = (): Told => ({ ...toldOf(trial), facts })
  for (const effort of ['quick', 'full'] as const) {
    if (!objective.worthTraining(facts)) return end({ ...told(), status: 'infeasible' })
    if (facts.latency.source === 'measured') break
    if (facts.latency.source === 'quick' && effort === 'quick') continue
    const { timed, failure } = await tryMeasure(search, space.decode(trial.genome), effort, trial.id)
    if (!timed) return end(failedTrial(told(), failure))
    facts = { ...facts, ...timed }
    learnFacts(search, trial, facts)
  }
  return objective.worthTraining(facts) ? { facts, outcome: null } : end({ ...told(), status: 'infeasible' })
}

function learnFacts({ store, facts: known }: Started<Proposing>, trial: TrialRecord, facts: Facts): void {
  store.transaction(() => {
    store.setFacts(trial.id, facts)
    known.learn(trial, facts)
    if (facts.latency.source === 'measured') store.addEvent({ kind: 'latency-model', trial: trial.id, ...known.accuracy() })
  }, false)
}

export function failedTrial(told: Told, failure: unknown): EndedOutcome {
  const error = toErrorRecord(failure)
  return { ...told, status: error.code === 'MNAS_DEVICE_LOST' ? 'lost' : 'failed', error }
}
