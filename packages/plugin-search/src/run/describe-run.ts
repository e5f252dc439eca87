import type { JsonObject } from '@mnas/core/contracts'
import { candidateId } from '../candidate-id.js'
import { searchErrors } from '../errors.js'
import type { RunReader, TrialRecord } from './records.js'
import { openRun } from './run-folder.js'
import { bestOf, type Candidate, completedCandidates, countTrials, frontOf, type TrialCounts } from './search-results.js'

/** A trial in one line. */
export interface TrialLine {
  readonly trial: number
  readonly id: string
  readonly status: 'pending' | 'completed' | 'pruned' | 'infeasible' | 'failed' | 'lost'
  readonly latencyMs: number | null
  readonly latencySource: 'estimated' | 'quick' | 'measured' | null
  readonly accuracy: number | null
  readonly reward: number | null
  readonly error: string | null
}

export interface RunDescription {
  readonly settings: JsonObject
  readonly counts: TrialCounts
  readonly activeSeconds: number
  readonly best: Candidate | null
  readonly front: readonly Candidate[]
  readonly trials: readonly TrialLine[]
}

/** Reads a run, also while a search writes it. @throws MNAS_RUN_MISSING, MNAS_RUN_CORRUPT */
export async function describeRun(folder: string): Promise<RunDescription> {
  const { run, store } = await openRun(folder)
  try {
    const metric = String(run.settings['metric'] ?? 'top1')
    const candidates = completedCandidates(store, metric)
    return {
      settings: run.settings,
      counts: countTrials(store.trials()),
      activeSeconds: store.activeMs() / 1000,
      best: bestOf(candidates),
      front: frontOf(candidates),
      trials: trialLines(store, metric),
    }
  } finally {
    store.close()
  }
}

/** The front of a run and the best of it. @throws MNAS_SEARCH_NO_RESULT besides what describeRun throws */
export async function frontOfRun(folder: string): Promise<Pick<RunDescription, 'front' | 'best'>> {
  const { front, best } = await describeRun(folder)
  if (front.length === 0) throw searchErrors.MNAS_SEARCH_NO_RESULT({ folder })
  return { front, best }
}

function trialLines(store: RunReader, metric: string): readonly TrialLine[] {
  return store.trials().map((record) => trialLine(record, metric))
}

function trialLine({ id, candidate, outcome }: TrialRecord, metric: string): TrialLine {
  const common = { trial: id, id: candidateId(candidate) }
  const empty = { latencyMs: null, latencySource: null, accuracy: null, reward: null, error: null }
  if (!outcome) return { ...common, ...empty, status: 'pending' }
  const { latencyMs, source: latencySource } = outcome.facts.latency
  const known = { ...common, ...empty, status: outcome.status, latencyMs, latencySource }
  switch (outcome.status) {
    case 'completed':
      return { ...known, accuracy: outcome.estimate.metrics[metric] ?? null, reward: outcome.reward }
    case 'pruned':
      return { ...known, accuracy: outcome.estimate.metrics[metric] ?? null }
    case 'failed':
    case 'lost':
      return { ...known, error: `${outcome.error.code}: ${outcome.error.message}` }
    case 'infeasible':
      return known
    default:
      throw outcome satisfies never
  }
}
