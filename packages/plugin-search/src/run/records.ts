import type { Architecture } from '@mnas/core/architecture'
import type {
  Axis,
  BoardEntry,
  Estimate,
  Facts,
  Genome,
  Hash,
  Latency,
  LatencyMeasurement,
  QuantizedQuality,
  StrategyState,
  TrialOutcome,
} from '@mnas/core/contracts'
import type { MnasErrorRecord } from '@mnas/core/errors'
import type { TrialCounts } from '../answers/parts/trial-counts.js'
import type { LatencyAccuracy } from '../latency/latency-accuracy.js'
import type { Effort, RecordedEvent, SearchEvent } from './search-event.js'

/**
 * A trial as it stands in the run: asked, then measured, then with its outcome. Its architecture is read apart, when it is
 * shown.
 */
export interface TrialRecord {
  /** From 1, in the order in which they were asked. */
  readonly id: number
  /** The strategy's number. */
  readonly proposal: number | null
  /** Hash of the architecture without its name. */
  readonly candidate: Hash
  /** Canonical. */
  readonly genome: Genome
  /** As known so far. */
  readonly facts: Facts
  /** Null: it has not ended, paused or not. */
  readonly outcome: TrialOutcome | null
}

export type CompletedOutcome = Extract<TrialOutcome, { readonly status: 'completed' }>
export type CompletedTrial = TrialRecord & { readonly outcome: CompletedOutcome }

export type PausedOutcome = Extract<TrialOutcome, { readonly status: 'paused' }>

export type EndedOutcome = Exclude<TrialOutcome, { readonly status: 'paused' }>

/** What a trial was found to be at one rung. */
export interface RungEstimate extends Pick<PausedOutcome, 'rung' | 'estimate' | 'values'> {
  /** Blob that the next rung begins with; null: nothing begins with it. */
  readonly weights: Hash | null
}

/** How a trial ended; paused: it goes on when it is promoted; transferred: trained by another run, told to this one. */
export type TrialStatus = TrialOutcome['status'] | 'transferred'

/** What a network came to when it was trained again, from another seed. Nothing that a strategy is told of. */
export type SecondTraining =
  | { readonly estimate: Estimate; readonly reward: number; readonly error: null }
  | { readonly error: MnasErrorRecord }

/** One of the networks among which the winner is chosen once a search is over. */
export interface Finalist {
  readonly trial: number
  /** From 1. */
  readonly place: number
  /** Null: not over. */
  readonly again: SecondTraining | null
}

/** A trial in one line. */
export interface TrialSummary {
  readonly id: number
  readonly candidate: Hash
  /** Null: not ended. */
  readonly status: TrialStatus | null
  readonly latencyMs: number
  readonly latencySource: Latency['source']
  readonly parameters: number
  readonly sizeBytes: number | null
  readonly peakMemoryBytes: number
  /** What was learned; null for a trial that was not trained. */
  readonly metric: number | null
  readonly quantized: QuantizedQuality | null
  readonly reward: number | null
  /** Of the last training, from 0; null where there is one alone, or none yet. */
  readonly rung: number | null
  readonly error: MnasErrorRecord | null
}

/** A trial by what timing its network taught. */
export interface TimedTrial extends Pick<Facts, 'latency' | 'sizeBytes'> {
  readonly trial: number
  /** keyOf its genome. */
  readonly genome: string
}

/** A trial that somebody works on who is no part of this process: until then nobody else is given it. */
export interface TrialLease {
  readonly trial: number
  /** From 1: how often the trial has been given away, at all of its rungs. */
  readonly attempt: number
  /** Who has it, in their own words. */
  readonly worker: string
  /** Milliseconds since 1970. */
  readonly untilMs: number
}

/** A network's file was timed with some effort. */
export interface MeasurementRecord {
  /** Hash of what was timed: graph, format, exporter, options. */
  readonly structure: Hash
  readonly effort: Effort
  readonly measurement: LatencyMeasurement
}

/** A network by a quick run and by a full measurement, in milliseconds. */
export interface TimedTwice {
  readonly quickMs: number
  readonly fullMs: number
}

/** Which file stands for a candidate. */
export interface FileRecord {
  readonly candidate: Hash
  readonly structure: Hash
  readonly sizeBytes: number
}

/** Time in which one process worked on a run. */
export interface SessionRecord extends SessionBudget {
  /** Milliseconds since 1970, of the last thing that was recorded. */
  readonly lastMs: number
  /** Whether its writer has come to an end: one that was killed has not. */
  readonly closed: boolean
}

/** What a search may spend, as its session was told; null: no bound of that kind, or not said. */
export interface SessionBudget {
  /** That count, over all sessions. */
  readonly trials: number | null
  /** Of work, over all sessions. */
  readonly timeMs: number | null
}

/** A part of a list, in the order of its ids. */
export interface Page {
  /** The last id (or position) that is known already. Default 0. */
  readonly after?: number
  /** Default 1000. */
  readonly limit?: number
}

/** Reads a run, also while another process writes it. Nothing here grows with the run but what a page asks for. */
export interface RunReader {
  readonly folder: string
  trials(page?: Page): readonly TrialRecord[]
  trial(id: number): TrialRecord | null
  /** Trials for showing all of them: no genomes, no costs. @param metric name of what was learned */
  summaries(metric: string, page?: Page): readonly TrialSummary[]
  /** Neither ended nor paused, in the order in which they were asked. */
  pending(): readonly TrialRecord[]
  /** Those of them that nobody has a lease of at that time. @param nowMs milliseconds since 1970 */
  free(nowMs: number): readonly TrialRecord[]
  /** The last lease of a trial that is pending, over or not. */
  lease(trial: number): TrialLease | null
  /** Of all trials that are pending. */
  leases(): readonly TrialLease[]
  /** The trial of an architecture, ended or not. @param genome canonical */
  trialOf(genome: Genome): TrialRecord | null
  /** Of a trial that was not screened out when it was asked. */
  architecture(trial: number): Architecture | null
  /** Those whose network was timed, with what that taught. */
  timedTrials(page?: Page): readonly TimedTrial[]
  /** The last so many of those that were measured in full, in the order in which they were asked. */
  latestMeasured(count: number): readonly TimedTrial[]
  /** Of the last fit of the latency model; null before the first. */
  latencyAccuracy(): LatencyAccuracy | null
  counts(): TrialCounts
  /** The highest reward of what was trained here, or transferred and timed here; of equals the faster, then the earlier. */
  best(): CompletedTrial | null
  /** The highest rewards of all that is trained, by what is known of them. */
  bestOf(count: number): readonly CompletedTrial[]
  /** By rung. */
  estimates(trial: number): readonly RungEstimate[]
  /** How many networks were trained at each rung, from the lowest on; empty: there are none. */
  rungCounts(): readonly number[]
  /** What a rung policy decides by. */
  board(): readonly BoardEntry[]
  /** Null: the trial was never trained, and will not be. */
  boardEntry(trial: number): BoardEntry | null
  /** Those that no other beats on the run's axes, the fastest first. */
  front(): readonly CompletedTrial[]
  /** By their places; none once another network was trained. */
  finalists(): readonly Finalist[]
  /** How the last trial ended that failed or was lost. */
  lastFailure(): TrialOutcome | null
  /** The least latency of all trials, estimated or measured; null without any. */
  fastestMs(): number | null
  /** Trials behind the last one that was not infeasible. */
  fruitless(): number
  /** Outcomes in the order in which the strategy was told, from position `after` on. */
  told(page?: Page): readonly TrialOutcome[]
  toldCount(): number
  /** Further proposals of a trial's architecture that have not been told of it. */
  repeats(trial: number): readonly number[]
  /** Those whose trial has ended: what was asked when the process died. */
  openRepeats(): readonly { readonly trial: number; readonly proposal: number }[]
  measurement(structure: Hash, effort: Effort): MeasurementRecord | null
  measurements(page?: Page): readonly MeasurementRecord[]
  /** The last so many networks that were timed both ways, the earliest first. */
  latestTimedTwice(count: number): readonly TimedTwice[]
  file(candidate: Hash): FileRecord | null
  events(page?: Page): readonly RecordedEvent[]
  /** Its id; 0: nothing has happened yet. */
  lastEvent(): number
  state(): StrategyState | null
  /** The last one; null before the first. */
  session(): SessionRecord | null
  /** Milliseconds that writers have worked on the run, over all its sessions. */
  activeMs(): number
  /** Reads the whole database. @throws MNAS_RUN_CORRUPT when a page or an index of it is damaged */
  check(): void
  close(): void
}

/** A proposal as it becomes a trial. */
export interface NewTrial {
  readonly proposal: number | null
  readonly candidate: Hash
  readonly genome: Genome
  readonly facts: Facts
}

/** The one writer of a run. */
export interface RunStore extends RunReader {
  /**
   * All of the writes in `work`, or none.
   * @param sync wait for the disk, so that a power cut takes nothing back (a kill never does). Without it the next one that
   * waits covers it.
   */
  transaction<T>(work: () => T, sync?: boolean): T
  addEvent(event: SearchEvent): void
  /** For those who watch. */
  setBudget(budget: SessionBudget): void
  addTrial(trial: NewTrial): TrialRecord
  /** Of a trial that is to be measured. */
  setArchitecture(trial: number, architecture: Architecture): void
  /** What is known of a trial by now. */
  setFacts(trial: number, facts: Facts): void
  /** Instead of the one that its trial had. */
  setLease(lease: TrialLease): void
  /** Ends the trial and its lease; one that completed takes its place on the front of these axes. */
  endTrial(outcome: EndedOutcome, axes: readonly Axis[]): void
  /** The trial has trained at a rung, and waits; its lease is over. @param weights blob that the next rung begins with */
  pauseTrial(outcome: PausedOutcome, weights: Hash | null): void
  /** A paused trial goes on: it is pending again. */
  promoteTrial(trial: number): void
  /** Instead of those there are; what was trained again stays. @param trials in the order of their places */
  setFinalists(trials: readonly number[]): void
  /** Of a trial that was among the finalists. */
  setAgain(trial: number, again: SecondTraining): void
  /**
   * As endTrial, of a network that another run has trained: it does not count as one of this run. @param axes null: it takes no place on
   * the front, since it was not timed here, or is too slow
   */
  endTransferred(outcome: CompletedOutcome, axes: readonly Axis[] | null): void
  /** A further proposal of the same architecture. */
  addRepeat(trial: number, proposal: number): void
  /** The strategy has heard that trial's outcome, as the answer to a proposal. @param rung of a paused one; null: how it ended */
  addTold(trial: number, proposal: number | null, rung?: number | null): void
  addMeasurement(record: MeasurementRecord): void
  addFile(record: FileRecord): void
  /** Writes only what differs from what stands there. */
  setState(state: StrategyState): void
  /** Instead of close: takes the run away, and the folder when nothing else is in it. For a run that came to nothing. */
  discard(): Promise<void>
}
