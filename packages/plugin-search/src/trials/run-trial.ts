import type { Facts, JobProgress, TrialOutcome } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import { hashJson } from '@mnas/core/files'
import type { TrialRecord } from '../run/records.js'
import type { StartedSearch } from '../start/search.js'
import { tryMeasure } from './measure-once.js'
import { trainCandidate } from './train-candidate.js'

type Hear = (progress: JobProgress) => void

/**
 * The life of one trial after it was asked: screened by the estimate, a quick run, the full measurement, and trained if still
 * worth it. A failure is an outcome. Whatever was recorded before is not done again. @throws only when the search itself has to
 * stop
 */
export async function runTrial(search: StartedSearch, trial: TrialRecord, hear: Hear): Promise<TrialOutcome> {
  const { objective, space } = search
  let { facts } = trial
  const told = (): Told => ({ trial: trial.id, proposal: trial.proposal, genome: trial.genome, facts })
  for (const effort of ['quick', 'full'] as const) {
    if (!objective.worthTraining(facts)) return { ...told(), status: 'infeasible' }
    if (facts.latency.source === 'measured') break
    if (facts.latency.source === 'quick' && effort === 'quick') continue
    const { timed, failure } = await tryMeasure(search, space.decode(trial.genome), effort, trial.id)
    if (!timed) return failed(told(), failure)
    facts = { ...facts, ...timed }
    learnFacts(search, trial, facts)
  }
  if (!objective.worthTraining(facts)) return { ...told(), status: 'infeasible' }
  return trained(search, trial, told(), hear)
}

type Told = Pick<TrialOutcome, 'trial' | 'proposal' | 'genome' | 'facts'>

function learnFacts({ store, facts: known }: StartedSearch, { id, genome }: TrialRecord, facts: Facts): void {
  store.transaction(() => store.setFacts(id, facts), false)
  known.learn(genome, facts)
}

function failed(told: Told, failure: unknown): TrialOutcome {
  const error = toErrorRecord(failure)
  return { ...told, status: error.code === 'MNAS_DEVICE_LOST' ? 'lost' : 'failed', error }
}

async function trained(search: StartedSearch, trial: TrialRecord, told: Told, hear: Hear): Promise<TrialOutcome> {
  const { store, space, objective, executor, signal } = search
  const request = search.request(space.decode(trial.genome))
  const { job } = request
  store.addEvent({ kind: 'training', trial: trial.id, job: hashJson(job) })
  const end = await trainCandidate(executor, request, hear, signal)
  if (end.kind !== 'completed') return { ...told, status: end.kind, error: end.error }
  const { metrics } = end.result
  const measured = { metrics, facts: told.facts }
  return {
    ...told,
    status: 'completed',
    estimate: { metrics, fidelity: job.fidelity },
    values: objective.values(measured),
    reward: objective.reward(measured),
  }
}
