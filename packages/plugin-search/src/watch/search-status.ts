import type { Headline } from '@mnas/core/contracts'
import { formatMetric } from '@mnas/core/text'
import type { TrialCounts } from '../answers/parts/trial-counts.js'
import { type FrontPoint, hypervolume } from '../hypervolume.js'
import { formatMs } from '../results/format-candidates.js'
import type { ResultContext } from '../results/search-results.js'
import { countedTrials } from '../run/counted-trials.js'
import { recordedRange } from '../run/recorded-range.js'
import type { CompletedTrial, RunReader, SessionBudget } from '../run/records.js'
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
  /** Of a search for a front: the mean of the best quality over all targets of its range, 0–1; null for one network. */
  readonly hypervolume: number | null
  /** Mean error of what the latency model says of networks that it has not seen, 0–1; null before the first. */
  readonly latencyError: number | null
  /** Of work, over all sessions. */
  readonly activeSeconds: number
  /** Null: not known yet. */
  readonly remainingSeconds: number | null
}

/** Reads a few rows, however long the run is. @param sinceMs milliseconds of work since the last thing that was recorded */
export function searchStatus(store: RunReader, context: ResultContext, budget: SessionBudget, sinceMs = 0): SearchStatus {
  const counts = store.counts()
  const counted = countedTrials(counts)
  const best = winnerOf(store)
  const front = store.front().map((trial) => pointOf(trial, context))
  const rangeMs = recordedRange(store)
  const activeMs = store.activeMs() + sinceMs
  return {
    counts,
    counted,
    trials: budget.trials,
    best: best && pointOf(best, context),
    front: front.length,
    hypervolume: rangeMs && hypervolume(front, rangeMs),
    latencyError: store.latencyAccuracy()?.meanError ?? null,
    activeSeconds: activeMs / 1000,
    remainingSeconds: remainingSeconds(budget, counted, activeMs),
  }
}

const pointOf = ({ outcome: { estimate }, facts }: CompletedTrial, { headline, postProcessing }: ResultContext): FrontPoint => ({
  quality: estimate.quantized?.quality ?? estimate.metrics[headline.name] ?? 0,
  latencyMs: facts.latency.latencyMs + (postProcessing?.latencyMs ?? 0),
})

/** What one watches beside the count: `best 71.2 % at 8.40 ms`, `front 5`, `hypervolume .6120`, `latency ±4.1 %`. */
export function describeStatus(status: SearchStatus, headline: Headline): readonly string[] {
  const { best, front, hypervolume: volume, latencyError } = status
  return [
    ...(best ? [`best ${formatMetric(headline, best.quality)} at ${formatMs(best.latencyMs)}`, `front ${front}`] : []),
    ...(best && volume !== null ? [`hypervolume ${volume.toFixed(4)}`] : []),
    ...(latencyError === null ? [] : [`latency ±${(latencyError * 100).toFixed(1)} %`]),
  ]
}
