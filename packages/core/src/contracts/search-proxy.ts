import type { DataPlace } from './dataset.js'
import type { Hash } from './json.js'
import type { Headline, Metrics, OpenOptions } from './task.js'

/** What candidates are trained on instead of the task's own data. */
export interface ProxyData {
  readonly place: DataPlace
  /** What a person should know of how it was made: what it holds, what was left out. A sentence each. */
  readonly notes: readonly string[]
}

/**
 * A way to tell by a short training how good a network will be at a task, where training it for that task is dear or says little: a search
 * judges its candidates by it. What is found is a network for the task.
 */
export interface SearchProxy {
  /** What is trained, in a few words: `the detector itself`. */
  readonly summary: string
  /** Name of the task that the candidates' backbones are trained for. Absent: the task itself. */
  readonly task?: string
  /** Side of the input that is trained, for one that is deployed, both in pixels. Absent: the same. */
  inputSize?(deployed: number): number
  /**
   * Makes the data of that training from the task's own, in the cache folder, where it is not there yet: whole or not at all, and the same
   * files each time. Absent: it is the task's own.
   * @param fingerprint of the task's data
   */
  data?(options: OpenOptions, fingerprint: Hash): Promise<ProxyData>
  /** What is learned of the metrics of that training: a fraction 0–1, more is better. Absent: the first headline of the trained task. */
  readonly quality?: { readonly headline: Headline; of(metrics: Metrics): number }
}
