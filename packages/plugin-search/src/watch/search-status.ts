import type { Headline } from '@mnas/core/contracts'
import { formatMetric } from '@mnas/core/text'
import type { TrialCounts } from '../answers/parts/trial-counts.js'
import { formatMs } from '../results/format-candidates.js'
import type { ResultContext } from '../results/search-results.js'
import { countedTrials } from '../run/counted-trials.js'
import type { RunReader, SessionBudget } from '../run/records.js'
import { winnerOf } from '../winner/winner-of.js'
import { remainingSeconds } from './remaining-seconds.js'

/** How far a search is, in the figures that one watches. */
export interface SearchStatus {
  readonly counts: TrialCounts
  /** What `--trials` bounds, and that bound; null: time alone bounds it. */
  readonly counted: number
  readonly trials: number | null
  readonly best: { readonly quality: number; readonly latencyMs: number } | null
  /** Candidates on the front. */
  readonly front: number
  /** Mean error of what the latency model says of networks that it has not seen, 0–1; null before the first. */
  readonly latencyError: number | null
  /** Of work, over all sessions. */
  readonly activeSeconds: number
  /** Null: not known yet. */
  readonly remainingSeconds: number | null
}

/** Reads a few rows, however long the run is. @param sinceMs milliseconds of work since the last thing that was recorded */
export function searchStatus(
  store: RunReader,
  { headline, postProcessing }: ResultContext,
  budget: SessionBudget,
  sinceMs = 0,
): SearchStatus {
  const counts = store.counts()
  const counted = countedTrials(counts)
  const best = winnerOf(store)
  const { estimate } = best?.outcome ?? {}
  const activeMs = store.activeMs() + sinceMs
  return {
    counts,
    counted,
    trials: budget.trials,
    best: best && {
      quality: estimate?.quantized?.quality ?? estimate?.metrics[headline.name] ?? 0,
      latencyMs: best.facts.latency.latencyMs + (postProcessing?.latencyMs ?? 0),
    },
    front: store.front().length,
    latencyError: store.latencyAccuracy()?.meanError ?? null,
    activeSeconds: activeMs / 1000,
    remainingSeconds: remainingSeconds(budget, counted, activeMs),
  }
}

/** What one watches beside the count: `best 71.2 % at 8.40 ms`, `front 5`, `latency ±4.1 %`. */
export function describeStatus({ best, front, latencyError }: SearchStatus, headline: Headline): readonly string[] {
  return [
    ...(best ? [`best ${formatMetric(headline, best.quality)} at ${formatMs(best.latencyMs)}`, `front ${front}`] : []),
    ...(latencyError === null ? [] : [`latency ±${(latencyError * 100).toFixed(1)} %`]),
  ]
}
