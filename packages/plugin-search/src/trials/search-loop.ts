import type { Headline, Strategy } from '@mnas/core/contracts'
import type { Candidate } from '../answers/parts/candidate.js'
import type { TrialCounts } from '../answers/parts/trial-counts.js'
import { candidateId } from '../candidate-id.js'
import { tellEarlier } from '../earlier/tell-earlier.js'
import { searchErrors } from '../errors.js'
import type { LatencyRange } from '../hypervolume.js'
import { resultsOf } from '../results/search-results.js'
import { resultsWriter } from '../results/write-results.js'
import { countedTrials } from '../run/counted-trials.js'
import type { PostProcessingCost } from '../run/run-file.js'
import { addedMsOf, type Search, type StartedSearch } from '../start/search.js'
import { startSearch } from '../start/start-search.js'
import { chooseWinner } from '../winner/choose-winner.js'
import { openStrategy } from './open-strategy.js'
import { type EndReason, runTrials } from './run-trials.js'

export interface SearchResult {
  readonly reason: EndReason
  readonly width: number
  readonly targetMs: number
  /** Of a front. */
  readonly rangeMs: LatencyRange | null
  /** How what was learned is shown. */
  readonly headline: Headline
  readonly postProcessing: PostProcessingCost | null
  readonly counts: TrialCounts
  readonly best: Candidate
  /** Candidate that the strategy believes to be the best; null: it says nothing of that. */
  readonly pick: string | null
  /** Trained again, in the order in which they were chosen. */
  readonly finalists: readonly Candidate[]
  readonly front: readonly Candidate[]
}

/**
 * Searches until the budget is spent, or goes on where the run was left: every step is recorded before the next begins, the
 * strategy's state together with what it asked or was told. As many trials at once as the executor takes.
 * @throws MNAS_SEARCH_TARGET_UNREACHABLE, MNAS_SEARCH_NOTHING_FOUND, MNAS_SEARCH_TIME_OVER, MNAS_SEARCH_ALL_FAILED, and the
 * signal's reason
 */
export async function searchLoop(search: Search): Promise<SearchResult> {
  const { trials = null, timeMs = null } = search.goal
  search.store.setBudget({ trials, timeMs })
  const started = await startSearch(search)
  const { reporter, width, targetMs } = started
  const range = rangeOf(started)
  const ms = range ? `${range[0].toFixed(2)} to ${range[1].toFixed(2)} ms` : `target ${targetMs.toFixed(2)} ms`
  reporter.stage('search', `width ${width}, ${ms}`)
  const strategy = await openStrategy(started)
  await tellEarlier(started, strategy)
  const reason = await runTrials(started, strategy)
  await chooseWinner(started, strategy)
  // Another winner, more trials.
  await resultsWriter(started).update()
  return resultOf(started, strategy, reason)
}

const rangeOf = ({ wanted }: StartedSearch): LatencyRange | null => (wanted.kind === 'front' ? wanted.rangeMs : null)

function resultOf(search: StartedSearch, strategy: Strategy, reason: EndReason): SearchResult {
  const { store, headline, width, targetMs, postProcessing } = search
  const counts = store.counts()
  const { best, front, finalists } = resultsOf(store, { headline, postProcessing })
  if (!best) throw emptyHanded(search, reason, counts)
  const picked = search.wanted.kind === 'best' ? strategy.recommend?.(1)[0] : undefined
  const pick = picked ? candidateId(store.trialOf(picked)!.candidate) : null
  const rangeMs = rangeOf(search)
  return { reason, width, targetMs, rangeMs, headline, postProcessing, counts, best, pick, finalists, front }
}

function emptyHanded(search: StartedSearch, reason: EndReason, counts: TrialCounts): Error {
  const { store, targetMs, goal } = search
  const last = store.lastFailure()
  if (last && 'error' in last)
    return searchErrors.MNAS_SEARCH_ALL_FAILED({ trials: countedTrials(counts), last: last.error.message })
  const { rejected } = counts
  if (reason === 'time') return searchErrors.MNAS_SEARCH_TIME_OVER({ seconds: (goal.timeMs ?? 0) / 1000, rejected })
  const limited = Object.values(goal.limits).some((limit) => limit !== undefined)
  return searchErrors.MNAS_SEARCH_NOTHING_FOUND({
    rejected,
    targetMs: rangeOf(search)?.[1] ?? targetMs,
    flag: rangeOf(search) ? '--latency-range' : '--target-latency',
    fastestMs: (store.fastestMs() ?? 0) + addedMsOf(search),
    limited,
  })
}
