import type { Settings } from '@mnas/core/config'
import type { DataPlace, Precision, SearchLimits } from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'
import type { Registry } from '@mnas/core/plugins'
import type { LatencyRange } from '../hypervolume.js'
import type { LowerRung } from '../rungs/parse-rungs.js'

/** Successive halving inside the proxy. */
export interface RungRequest {
  /** Below the proxy, the shortest first. */
  readonly lower: readonly LowerRung[]
  /** Of a rung about one in so many goes on. */
  readonly eta: number
  readonly policy: string
}

/** A search as the command line asks for it. */
export interface SearchRequest {
  /** Where the training images lie. */
  readonly data: DataPlace
  readonly task: string
  /** How candidates are judged; undefined: the task's usual way. */
  readonly proxy: string | undefined
  /** Folder of the run whose front are the candidates. */
  readonly backbones: string | undefined
  /** Folder of a run whose trainings are told; undefined: none. */
  readonly from: string | undefined
  readonly space: string
  /** Side of the deployed input in pixels. */
  readonly size: number
  readonly targetMs: number | null
  /** `--latency-range`, of a front. */
  readonly rangeMs: LatencyRange | null
  /** Of the files that are timed, as the winner is to be deployed. */
  readonly precision: Precision
  readonly limits: SearchLimits
  readonly strategy: string
  /** `--strategy-option NAME=VALUE`, each. */
  readonly strategyOptions: readonly string[]
  /** Undefined: hard with a target, front without. */
  readonly objective: string | undefined
  readonly width: 'auto' | number
  readonly trials: number | undefined
  /** Candidates that train at once. */
  readonly jobs: number
  readonly timeMs: number | undefined
  /** So many of the best are trained again at the end. */
  readonly retrainTop: number
  readonly proxyEpochs: number
  /** Undefined: the proxy's own, else `size`. */
  readonly proxySize: number | undefined
  /** Trainings before that one; undefined: none. */
  readonly rungs: RungRequest | undefined
  readonly seed: number
  /** `--option NAME=VALUE`, each. */
  readonly deviceOptions: readonly string[]
  /** The run's folder. */
  readonly out: string
  /** Of mnas, for the record. */
  readonly version: string
}

/** What a command hands to the work it starts. */
export interface Surroundings {
  readonly registry: Registry
  readonly settings: Settings
  readonly reporter: Reporter
  readonly signal: AbortSignal
}
