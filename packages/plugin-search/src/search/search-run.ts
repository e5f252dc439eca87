import type { Strategy, TrialOutcome } from '@mnas/core/contracts'
import type { TrialRecord } from '@mnas/core/runs'
import { formatHeadline } from '@mnas/core/text'
import { primaryMetric } from '@mnas/core/training'
import { candidateId } from '../candidate-id.js'
import { searchErrors } from '../errors.js'
import { askCandidate, recordOutcome, restoreStrategy } from './ask-candidate.js'
import { beginSearch, type Ground } from './begin-search.js'
import { knownFacts } from './known-facts.js'
import { runTrial, type TrialSurroundings } from './run-trial.js'
import type { SearchGoal, SearchParts } from './search-parts.js'
import {
  bestOf,
  type Candidate,
  completedCandidates,
  countedTrials,
  countTrials,
  frontOf,
  type TrialCounts,
} from './search-results.js'
import { writeResults } from './write-results.js'

/** Why a search ended: its trials, its time, or nothing left that is new and fast enough. */
export type EndReason = 'trials' | 'time' | 'exhausted'

export interface SearchResult {
  readonly reason: EndReason
  readonly width: number
  readonly targetMs: number
  readonly counts: TrialCounts
  readonly best: Candidate
  readonly front: readonly Candidate[]
}

/**
 * Searches until the budget is spent, or goes on where the run was left: every step is recorded before the next begins, the strategy's state
 * together with what it asked or was told. One trial at a time.
 * @throws MNAS_SEARCH_TARGET_UNREACHABLE, MNAS_SEARCH_NOTHING_FOUND, MNAS_SEARCH_ALL_FAILED, and the signal's reason
 */
export async function searchRun(parts: SearchParts, goal: SearchGoal): Promise<SearchResult> {
  const { store, reporter } = parts
  const ground = await beginSearch(parts, goal)
  const facts = knownFacts(store, ground.model, parts.task)
  const strategy = parts.strategy.create({
    space: ground.space,
    objective: ground.objective,
    seed: goal.seed,
    ...(goal.trials === undefined ? {} : { trials: goal.trials }),
    facts: (genome) => facts(ground.space.decode(genome)),
  })
  reporter.stage('search', `width ${ground.width}, target ${ground.targetMs.toFixed(2)} ms`)
  const surroundings = { parts, ground, facts }
  restoreStrategy(surroundings, strategy)
  const reason = await runTrials(surroundings, strategy, goal)
  const candidates = completedCandidates(store, primaryMetric(parts.task))
  await writeResults(store.folder, candidates)
  return resultOf(parts, ground, reason, candidates)
}

async function runTrials(surroundings: TrialSurroundings, strategy: Strategy, goal: SearchGoal): Promise<EndReason> {
  const { parts } = surroundings
  const trials = parts.store.trials()
  let counted = countedTrials(countTrials(trials))
  let fruitless = fruitlessAtEnd(trials)
  let known = 0
  let pending = trials.find(({ outcome }) => outcome === null) ?? null
  while (true) {
    parts.signal.throwIfAborted()
    if (!pending) {
      const reason = endReason(parts, goal, counted, Math.max(fruitless, known))
      if (reason) return reason
      const asked = askCandidate(surroundings, strategy)
      if (asked.exhausted) return 'exhausted'
      fruitless += asked.rejected
      known = asked.trial || asked.rejected > 0 ? 0 : known + asked.known
      pending = asked.trial
      continue
    }
    const outcome = await runTrial(surroundings, pending)
    recordOutcome(surroundings, strategy, pending, outcome)
    if (outcome.status !== 'infeasible') counted++
    fruitless = outcome.status === 'infeasible' ? fruitless + 1 : 0
    reportOutcome(parts, pending, outcome, counted, goal)
    if (outcome.status === 'completed') {
      await writeResults(parts.store.folder, completedCandidates(parts.store, primaryMetric(parts.task)))
    }
    pending = null
  }
}

function endReason(parts: SearchParts, goal: SearchGoal, counted: number, fruitless: number): EndReason | null {
  if (fruitless >= goal.patience) return 'exhausted'
  if (goal.trials !== undefined && counted >= goal.trials) return 'trials'
  if (goal.timeMs !== undefined && parts.store.activeMs() >= goal.timeMs) return 'time'
  return null
}

/** Candidates behind the last one that was not too slow. */
function fruitlessAtEnd(trials: readonly TrialRecord[]): number {
  const ended = trials.flatMap(({ outcome }) => (outcome ? [outcome] : []))
  return ended.length - 1 - ended.findLastIndex(({ status }) => status !== 'infeasible')
}

function reportOutcome(
  { reporter, task }: SearchParts,
  trial: TrialRecord,
  outcome: TrialOutcome,
  counted: number,
  goal: SearchGoal,
): void {
  const latency = `${outcome.facts.latency.latencyMs.toFixed(2)} ms`
  const of = goal.trials === undefined ? `${counted}` : `${counted}/${goal.trials}`
  switch (outcome.status) {
    case 'completed': {
      const reached = formatHeadline(task.headlines[0], outcome.estimate.metrics)
      reporter.note(`trial ${of} ${candidateId(trial.candidate)}: ${reached}, ${latency}`)
      break
    }
    case 'failed':
    case 'lost':
      reporter.warn(`trial ${of} ${candidateId(trial.candidate)} ${outcome.status}: ${outcome.error.message}`)
      break
    case 'pruned':
      reporter.note(`trial ${of} ${candidateId(trial.candidate)}: stopped early, ${latency}`)
      break
    case 'infeasible':
      break
    default:
      throw outcome satisfies never
  }
}

function resultOf(parts: SearchParts, ground: Ground, reason: EndReason, candidates: readonly Candidate[]): SearchResult {
  const trials = parts.store.trials()
  const counts = countTrials(trials)
  const best = bestOf(candidates)
  if (!best) throw emptyHanded(trials, counts, ground.targetMs)
  const { width, targetMs } = ground
  return { reason, width, targetMs, counts, best, front: frontOf(candidates) }
}

function emptyHanded(trials: readonly TrialRecord[], counts: TrialCounts, targetMs: number): Error {
  const outcomes = trials.flatMap(({ outcome }) => (outcome ? [outcome] : []))
  const last = outcomes.findLast((outcome) => outcome.status === 'failed' || outcome.status === 'lost')
  if (last && 'error' in last)
    return searchErrors.MNAS_SEARCH_ALL_FAILED({ trials: countedTrials(counts), last: last.error.message })
  const fastestMs = Math.min(...outcomes.map(({ facts }) => facts.latency.latencyMs))
  return searchErrors.MNAS_SEARCH_NOTHING_FOUND({ rejected: counts.rejected, targetMs, fastestMs })
}
