import type { Hash, QuantizedQuality, TrialOutcome } from '@mnas/core/contracts'
import type { LatencyAccuracy } from '../latency/latency-accuracy.js'

/** quick: one process; full: what counts. */
export type Effort = 'quick' | 'full'

/**
 * What happens in a search, one step each, recorded before the next began. Everything that shows a search (the terminal, JSON
 * lines, later a report and a dashboard) is a view of these and of the trials.
 */
export type SearchEvent =
  | { readonly kind: 'asked' | 'told-again'; readonly trial: number; readonly candidate: Hash; readonly proposal: number }
  | {
      readonly kind: 'measured'
      /** Null: before the first trial, to calibrate. */
      readonly trial: number | null
      readonly candidate: Hash
      readonly effort: Effort
      readonly latencyMs: number
      readonly spread: number
      readonly stable: boolean
      /** Which of several devices timed it. Absent: there is one. */
      readonly device?: string
    }
  /** Of a front: between which latencies it is searched, what runs behind a network included. Before the first trial. */
  | { readonly kind: 'range'; readonly trial: null; readonly leastMs: number; readonly mostMs: number }
  | LatencyModelEvent
  | { readonly kind: 'device-lost'; readonly trial: number | null; readonly message: string; readonly retryAfterMs: number }
  /** rung: from 0; absent where there is one training alone. */
  | { readonly kind: 'training'; readonly trial: number; readonly job: Hash; readonly rung?: number }
  | {
      /** Trained at a rung that is not the last. */
      readonly kind: 'paused'
      readonly trial: number
      readonly candidate: Hash
      readonly rung: number
      readonly latencyMs: number
      readonly metric: { readonly name: string; readonly value: number }
    }
  /** A paused trial goes on, at that rung. */
  | { readonly kind: 'promoted'; readonly trial: number; readonly rung: number }
  | {
      readonly kind: 'ended'
      readonly trial: number
      readonly candidate: Hash
      readonly status: Exclude<TrialOutcome['status'], 'paused'>
      readonly latencyMs: number
      /** What was learned, of those that were trained. */
      readonly metric: { readonly name: string; readonly value: number } | null
      /** What is left of it in the precision that is searched, where that was looked at. */
      readonly quantized?: QuantizedQuality
      readonly reward: number | null
      readonly error: string | null
      /** Of a front, with this trial. */
      readonly hypervolume?: number
      /** How many trials count so far, this one among them where it does: what `--trials` bounds. */
      readonly counted: number
    }
  /** The strategy was told what another run has trained: so many networks, beside others that are none of this space. */
  | { readonly kind: 'told-earlier'; readonly trial: null; readonly run: string; readonly told: number; readonly others: number }
  /** The time that is left was found to be enough for so many trials in all, and the strategy was told. */
  | { readonly kind: 'budget'; readonly trial: null; readonly trials: number }
  | {
      /** One of the best was trained from another seed, before one of them is called the winner. */
      readonly kind: 'trained-again'
      readonly trial: number
      readonly candidate: Hash
      /** What was learned this time; null: it failed. */
      readonly metric: { readonly name: string; readonly value: number } | null
      readonly quantized?: QuantizedQuality
      readonly reward: number | null
      readonly error: string | null
    }

/** The latency model was fitted anew. */
export interface LatencyModelEvent extends LatencyAccuracy {
  readonly kind: 'latency-model'
  /** Whose measurement it learned from; null: before the first trial. */
  readonly trial: number | null
}

/** An event as the run keeps it. */
export type RecordedEvent = SearchEvent & {
  /** From 1, without gaps. */
  readonly id: number
  /** Milliseconds since 1970. */
  readonly atMs: number
}
