import type { Facts, JobProgress, TrialOutcome } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import { hashJson } from '@mnas/core/files'
import type { TrialRecord } from '@mnas/core/runs'
import type { Ground } from './begin-search.js'
import { measuredLatency } from './known-facts.js'
import { tryMeasure } from './measure-once.js'
import type { SearchParts } from './search-parts.js'
import { trainCandidate } from './train-candidate.js'

export interface TrialSurroundings {
  readonly parts: SearchParts
  readonly ground: Ground
  readonly facts: (architecture: TrialRecord['architecture']) => Facts
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

async function trained({ parts, ground }: TrialSurroundings, trial: TrialRecord, told: Told): Promise<TrialOutcome> {
  const request = parts.request(trial.architecture)
  const { job } = request
  parts.store.addEvent('training', { job: hashJson(job) }, trial.id)
  const hear = (progress: JobProgress) => reportJob(parts, trial, progress)
  const end = await trainCandidate(parts.executor, request, hear, parts.signal)
  if (end.kind !== 'completed') return { ...told, status: end.kind, error: end.error }
  const estimate = { metrics: end.result.metrics, fidelity: job.fidelity }
  return { ...told, status: 'completed', estimate, reward: ground.objective.reward(estimate.metrics, told.facts) }
}

function reportJob({ reporter }: SearchParts, trial: TrialRecord, progress: JobProgress): void {
  // What is to be said of the plan would be said at every trial.
  if (progress.kind === 'warning') return
  const rate = progress.imagesPerSecond > 0 ? `, ${progress.imagesPerSecond.toFixed(0)} images/s` : ''
  const note = `trial ${trial.id}${rate}`
  reporter.progress({ done: progress.step, total: progress.steps, unit: 'steps', note })
}
