import type { Architecture } from '@mnas/core/architecture'
import type {
  JobRequest,
  JsonObject,
  LatencyMeasurement,
  ObjectiveFactory,
  SpaceFactory,
  StrategyFactory,
  Task,
  TrialExecutor,
} from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'
import type { Effort, RunStore } from '@mnas/core/runs'

/** What a search is to find, and how much it may spend. */
export interface SearchGoal {
  /** Side of the deployed input in pixels. */
  readonly size: number
  /** Null: no budget was stated; T is MnasNet-A1's latency. */
  readonly targetMs: number | null
  readonly width: 'auto' | number
  readonly seed: number
  /** Trained candidates; undefined = as many as the time allows. */
  readonly trials: number | undefined
  /** No trial begins after so much working time, over all sessions. */
  readonly timeMs: number | undefined
  /** So many candidates in a row that are known or too slow end the search: at best one in hundreds would do. */
  readonly patience: number
  /** As the user named it, for messages. */
  readonly device: string
}

/** Everything a search works with, each by its contract. */
export interface SearchParts {
  readonly space: SpaceFactory
  readonly strategy: StrategyFactory
  readonly objective: ObjectiveFactory
  readonly task: Task
  readonly taskOptions: JsonObject
  /** The network whose latency is T when none is stated: MnasNet-A1 at the deployed size. */
  readonly reference: Architecture
  /** Exports the deployed model and times it. @throws MNAS_DEVICE_LOST, and any error that concerns this network alone */
  measure(
    architecture: Architecture,
    effort: Effort,
  ): Promise<{ readonly structure: string; readonly measurement: LatencyMeasurement }>
  request(architecture: Architecture): JobRequest
  readonly executor: TrialExecutor
  readonly store: RunStore
  readonly reporter: Reporter
  readonly signal: AbortSignal
  /** Waits between two attempts on a vanished device. */
  pause(ms: number): Promise<void>
}
