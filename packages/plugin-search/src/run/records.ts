import type { Architecture } from '@mnas/core/architecture'
import type { Genome, Hash, Json, JsonObject, LatencyMeasurement, TrialOutcome } from '@mnas/core/contracts'

/** A trial as it stands in the run: asked, then with its outcome. */
export interface TrialRecord {
  /** From 1, in the order in which they were asked. */
  readonly id: number
  /** The strategy's number. */
  readonly proposal: number
  /** Hash of the architecture without its name. */
  readonly candidate: Hash
  readonly genome: Genome
  readonly architecture: Architecture
  readonly outcome: TrialOutcome | null
}

/** quick: one process; full: what counts. */
export type Effort = 'quick' | 'full'

export interface MeasurementRecord {
  readonly candidate: Hash
  readonly effort: Effort
  /** Hash of what was timed: graph, format, exporter, options. */
  readonly structure: Hash
  readonly measurement: LatencyMeasurement
}

/** One step of the run, written before the next one began. */
export interface RunEvent {
  readonly id: number
  readonly at: string
  readonly trial: number | null
  readonly kind: string
  readonly data: JsonObject
}

export interface RunReader {
  readonly folder: string
  trials(): readonly TrialRecord[]
  trialOf(candidate: Hash): TrialRecord | null
  measurement(candidate: Hash, effort: Effort): MeasurementRecord | null
  measurements(): readonly MeasurementRecord[]
  events(): readonly RunEvent[]
  /** A value that belongs to the run as a whole, for example the strategy's state. */
  state(name: string): Json | null
  /** Milliseconds that writers have worked on the run, over all its sessions. */
  activeMs(): number
  close(): void
}

export interface RunStore extends RunReader {
  /** All of the writes in `work`, or none. */
  transaction<T>(work: () => T): T
  addEvent(kind: string, data?: JsonObject, trial?: number): void
  addTrial(trial: Omit<TrialRecord, 'id' | 'outcome'>): TrialRecord
  endTrial(id: number, outcome: TrialOutcome): void
  addMeasurement(record: MeasurementRecord): void
  setState(name: string, value: Json): void
  /** Instead of close: takes the run away, and the folder when nothing else is in it. For a run that came to nothing. */
  discard(): Promise<void>
}
