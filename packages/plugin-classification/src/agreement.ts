import type { AgreementAccumulator, Metrics, Tensor, Tensors } from '@mnas/core/contracts'

/** Below this a float32 softmax has nothing left: probabilities are compared as if they were at least this. */
const smallestProbability = 1e-30

/**
 * How well a file says what the engine says, from `probabilities`:
 *   maxLogProbabilityError   largest difference of two natural logarithms of a probability, over all images and classes
 *   top1Agreement            fraction of the images for which both name the same most probable class; only on photos
 */
export class ClassificationAgreement implements AgreementAccumulator {
  readonly #onPhotos: boolean
  #images = 0
  #agreeing = 0
  #worst = 0

  constructor(on: 'photos' | 'synthetic') {
    this.#onPhotos = on === 'photos'
  }

  add(engine: Tensors, file: Tensors): void {
    const [expected, received] = [engine['probabilities']!.data, file['probabilities']!.data]
    this.#images++
    this.#worst = Math.max(this.#worst, largestLogDifference(expected, received))
    if (indexOfLargest(expected) === indexOfLargest(received)) this.#agreeing++
  }

  result(): Metrics {
    if (this.#images === 0) return {}
    const top1Agreement = this.#agreeing / this.#images
    return { maxLogProbabilityError: this.#worst, ...(this.#onPhotos && { top1Agreement }) }
  }

  summary(): string {
    const { maxLogProbabilityError, top1Agreement } = this.result()
    const error = `largest log-probability error ${maxLogProbabilityError?.toExponential(1) ?? 'unknown'}`
    return top1Agreement === undefined ? error : `top-1 ${(100 * top1Agreement).toFixed(2)} %, ${error}`
  }
}

function largestLogDifference(a: Tensor['data'], b: Tensor['data']): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(logOf(a[i]!) - logOf(b[i]!)))
  return largest
}

const logOf = (probability: number) => Math.log(Math.max(probability, smallestProbability))

function indexOfLargest(values: Tensor['data']): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}
