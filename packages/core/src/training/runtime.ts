/** How work on batches shares its computer. */
export interface BatchRuntime {
  /** Threads that decode images; 0 = in this one. */
  readonly workers: number
  /** Held around each piece of work, so that a timing on this computer can have it alone. */
  readonly whileWorking: <T>(work: () => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
}

/** How a training keeps what it has done. */
export interface CheckpointRhythm {
  /** Milliseconds. A checkpoint is written so often, and after every epoch. */
  readonly everyMs: number
  /** How many of the last ones stay, from 1; the best weights stay anyway. */
  readonly kept: number
}

/** All that a training takes from where it runs; nothing of it moves a bit of what comes out. Aborting writes a checkpoint first. */
export interface Runtime extends BatchRuntime {
  readonly checkpoints: CheckpointRhythm
}
