import type { Architecture } from '../../architecture/architecture.js'
import type { Precision } from '../devices/exporter.js'
import type { Hash, JsonObject } from '../json.js'
import type { Preprocessing } from '../preprocessing.js'
import type { Metrics } from '../task.js'

/** Cumulative epochs of a schedule laid out for scheduleEpochs; inputSize and headFilters are what is trained, not what is deployed. */
export interface Fidelity {
  readonly epochs: number
  readonly scheduleEpochs: number
  readonly inputSize: number
  readonly headFilters: number
}

/** continue: the same blocks; inherit: the weights that fit. */
export type Start = { readonly kind: 'scratch' } | { readonly kind: 'continue' | 'inherit'; readonly checkpoint: Hash }

/** The stem or a row of the table, from 1. */
export type Stage = 'stem' | number

/**
 * What is trained, as data. architecture is always the deployed one; what is trained is withFidelity(architecture, fidelity). The job's id is
 * the hash of this object: engine, accelerator and threads are not among it, so that another computer finds the same job done.
 */
export interface TrialJob {
  readonly architecture: Architecture
  /** The data set's fingerprint; where its files lie is the executor's business. */
  readonly data: Hash
  readonly recipe: JsonObject
  /** Absent: the task's own. Weights to start from bring the one they were trained with. */
  readonly preprocessing?: Preprocessing
  readonly seed: number
  readonly fidelity: Fidelity
  readonly start: Start
  /** Stages whose weights the optimizer leaves alone. */
  readonly frozen?: readonly Stage[]
}

/** What a trained network is worth as the file that it will be: that file beside the engine, on the held-out images. */
export interface QuantizedQuality {
  readonly precision: Precision
  /** The task's first metric, of the file. */
  readonly quality: number
  /** As `Comparison` has them. */
  readonly sameAnswers: number | null
  readonly distance: number
  /** How many were compared. */
  readonly images: number
}

/** How somebody else trained, in their words: where the words are the same, so were the trainings. */
export interface ForeignFidelity {
  readonly foreign: string
}

/** What training said; metrics come from the held-out split. */
export interface Estimate {
  readonly metrics: Metrics
  readonly fidelity: Fidelity | ForeignFidelity
  /** Where the network is deployed in another precision than it was trained in, and was good enough in that to be looked at. */
  readonly quantized?: QuantizedQuality
}
