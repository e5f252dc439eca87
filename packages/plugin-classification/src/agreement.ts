import type { AgreementAccumulator, Comparison, Metrics, Tensor, Tensors } from '@mnas/core/contracts'

/** Below this a float32 softmax has nothing left: probabilities are compared as if they were at least this. */
const smallestProbability = 1e-30
/** An 8-bit probability of 0 stands for anything below half a level: without a bound one of them would decide a mean. */
const smallestOfMean = 1e-8

/**
 * How well a file says what the engine says, from `probabilities`:
 *   maxLogProbabilityError   largest difference of two natural logarithms of a probability, over all images and classes
 *   meanKl                   mean of Σ p·ln(p / q) over the images, p the engine's and q the file's; only on photos
 *   top1Agreement            fraction of the images for which both name the same most probable class; only on photos
 *   top1, engineTop1         fraction of the images whose true class the file, the engine names; only where targets are at hand
 */
export class ClassificationAgreement implements AgreementAccumulator {
  readonly distanceName = 'mean KL'
  readonly #onPhotos: boolean
  #images = 0
  #agreeing = 0
  #worst = 0
  #divergence = 0
  #known = 0
  #right = { engine: 0, file: 0 }

  constructor(on: 'photos' | 'synthetic') {
    this.#onPhotos = on === 'photos'
  }

  add(engine: Tensors, file: Tensors, { inputs }: { readonly inputs: Tensors }): void {
    const [expected, received] = [engine['probabilities']!.data, file['probabilities']!.data]
    const [said, answered] = [indexOfLargest(expected), indexOfLargest(received)]
    this.#images++
    this.#worst = Math.max(this.#worst, largestLogDifference(expected, received))
    this.#divergence += divergence(expected, received)
    if (said === answered) this.#agreeing++
    const labels = inputs['labels']?.data
    if (!labels) return
    const truth = indexOfLargest(labels)
    this.#known++
    if (said === truth) this.#right.engine++
    if (answered === truth) this.#right.file++
  }

  result(): Metrics {
    if (this.#images === 0) return {}
    const { distance, sameAnswers, quality } = this.comparison()
    return {
      maxLogProbabilityError: this.#worst,
      ...(this.#onPhotos && sameAnswers !== null && { meanKl: distance, top1Agreement: sameAnswers }),
      ...(this.#onPhotos && quality && { top1: quality.file, engineTop1: quality.engine }),
    }
  }

  comparison(): Comparison {
    const images = Math.max(1, this.#images)
    const { engine, file } = this.#right
    return {
      distance: this.#divergence / images,
      sameAnswers: this.#images === 0 ? null : this.#agreeing / images,
      quality: this.#known === 0 ? null : { engine: engine / this.#known, file: file / this.#known },
    }
  }

  summary(): string {
    const { maxLogProbabilityError, top1Agreement } = this.result()
    const error = `largest log-probability error ${maxLogProbabilityError?.toExponential(1) ?? 'unknown'}`
    return top1Agreement === undefined ? error : `top-1 ${(100 * top1Agreement).toFixed(2)} %, ${error}`
  }
}

/** Kullback-Leibler, in nats, of shares: 8-bit probabilities do not add up to 1. */
function divergence(expected: Tensor['data'], received: Tensor['data']): number {
  const [p, q] = [bounded(expected), bounded(received)]
  const [all, allReceived] = [sum(p), sum(q)]
  return p.reduce((total, one, i) => total + (one / all) * Math.log((one * allReceived) / (q[i]! * all)), 0)
}

const bounded = (data: Tensor['data']) => Float64Array.from(data, (p) => Math.max(p, smallestOfMean))
const sum = (values: Float64Array) => values.reduce((total, one) => total + one, 0)

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
