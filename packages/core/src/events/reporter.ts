/** Rate in units per second and the seconds that remain; undefined until something was counted. */
export interface Pace {
  readonly perSecond: number | undefined
  readonly remainingSeconds: number | undefined
}

/** How far a piece of work is. `done` may begin above 0 (a resume). */
export interface Progress {
  readonly done: number
  readonly total: number
  /** What is counted, in the plural: images, steps, trials. */
  readonly unit: string
  readonly note?: string
  /** From a caller that knows more than the counting shows: that work is still to come which is not counted. Default: as counted. */
  readonly pace?: Pace
}

/** What happened, as data: JSON with a kind, of a union that its domain closes. People read the text beside it, programs this. */
export interface DomainEvent {
  readonly kind: string
}

/**
 * What long work tells about itself. Engines and commands call it; only reporters print, and only to stderr.
 * stage: a named part begins (and the one before has ended); progress: as often as the caller likes, a reporter thins it out;
 * note and warn: one line that stays, and what it tells as data where it tells of an event; close: the last call, leaves the terminal clean.
 */
export interface Reporter {
  stage(name: string, detail?: string): void
  progress(progress: Progress): void
  note(text: string, event?: DomainEvent): void
  warn(text: string, event?: DomainEvent): void
  close(): void
}

export const reporterKinds = ['tty', 'plain', 'jsonl', 'silent'] as const
export type ReporterKind = (typeof reporterKinds)[number]

/** The part of a stream that reporters use. */
export interface ReporterStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}
