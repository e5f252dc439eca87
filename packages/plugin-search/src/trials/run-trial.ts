import type { Facts, JobEvent, TrialOutcome } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import { hashJson } from '@mnas/core/files'
import type { TrialRecord } from '../run/records.js'
import type { Ground } from '../start/begin-search.js'
import type { SearchParts } from '../start/search-parts.js'
import { measuredLatency } from './known-facts.js'
import { tryMeasure } from './measure-once.js'
import type { JobRunner } from './train-candidate.js'

export interface TrialSurroundings {
  readonly parts: SearchParts
  readonly ground: Ground
  readonly facts: (architecture: TrialRecord['architecture']) => Facts
  readonly jobs: JobRunner
}

/**
 * The life of one trial after it was asked: screened by the estimate, a quick run, the full measurement, and trained if still worth it.
 * A failure is an outcome. Whatever was recorded before is not done again. @throws only when the search itself has to stop
 */
export async function runTrial(surroundings: TrialSurroundings, trial: TrialRecord): Promise<TrialOutcome> {
  const { parts, ground } = surroundings
  let facts = surroundings.facts(trial.architecture)
  const told = () => ({ proposal: trial.proposal, genome: trial.genome, facts })
  for (const effort of ['quick', 'full'] as const) {
    if (!ground.objective.worthTraining(facts)) return { ...told(), status: 'infeasible' }
    if (facts.latency.source === 'measured') break
    if (facts.latency.source === 'quick' && effort === 'quick') continue
    const { measurement, failure } = await tryMeasure(parts, trial.architecture, effort, trial.id)
    if (!measurement) return failed(told(), failure)
    facts = { ...facts, latency: measuredLatency(measurement.latencyMs, effort) }
  }
  if (!ground.objective.worthTraining(facts)) return { ...told(), status: 'infeasible' }
  return trained(surroundings, trial, told())
}

function failed(told: Told, failure: unknown): TrialOutcome {
  const error = toErrorRecord(failure)
  return { ...told, status: error.code === 'MNAS_DEVICE_LOST' ? 'lost' : 'failed', error }
}

type Told = Pick<TrialOutcome, 'proposal' | 'genome' | 'facts'>

async function trained({ parts, ground, jobs }: TrialSurroundings, trial: TrialRecord, told: Told): Promise<TrialOutcome> {
  const job = parts.job(trial.architecture)
  parts.store.addEvent('training', { job: hashJson(job) }, trial.id)
  const end = await jobs.run(job, (event) => reportJob(parts, trial, event))
  if (end.kind !== 'completed') return { ...told, status: end.kind, error: end.error }
  const { estimate } = end
  return { ...told, status: 'completed', estimate, reward: ground.objective.reward(estimate.metrics, told.facts) }
}

function reportJob({ reporter }: SearchParts, trial: TrialRecord, event: JobEvent): void {
  if (event.kind !== 'progress') return
  const rate = event.imagesPerSecond > 0 ? `, ${event.imagesPerSecond.toFixed(0)} images/s` : ''
  const note = `trial ${trial.id}${rate}`
  reporter.progress({ done: event.step, total: event.steps, unit: 'steps', note })
}
