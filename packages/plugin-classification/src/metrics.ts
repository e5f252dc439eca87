import type { Batch, JsonObject, Metrics, MetricsAccumulator, Tensors } from '@mnas/core/contracts'

/**
 * Classification metrics from per-example `logits`, over the rows that are not padding:
 *   top1, top5         share of examples whose true class is among the 1 or 5 largest logits (ties: the lower index is larger)
 *   balancedAccuracy   mean over the classes that occur of the share of their examples that top1 counts
 *   loss               mean cross-entropy in nats, without label smoothing
 *   count              examples
 *   perClass.<label>   share of the class's examples that top1 counts; only classes that occur
 */
export class ClassificationMetrics implements MetricsAccumulator {
  readonly #labels: readonly string[]
  readonly #seen: number[]
  readonly #right: number[]
  /** How often each class was taken for each, by true class · classes + predicted class. */
  readonly #confusion = new Map<number, number>()
  #top5 = 0
  #lossSum = 0

  constructor(labels: readonly string[]) {
    this.#labels = labels
    this.#seen = labels.map(() => 0)
    this.#right = labels.map(() => 0)
  }

  add(batch: Batch, outputs: Tensors): void {
    const classes = this.#labels.length
    const logits = outputs['logits']!.data
    const labels = batch.inputs['labels']!.data
    for (const [row, example] of batch.examples.entries()) {
      if (example < 0) continue
      const slice = [row * classes, (row + 1) * classes] as const
      this.#addExample(logits.subarray(...slice), labels.subarray(...slice))
    }
  }

  #addExample(logits: ArrayLike<number>, labels: ArrayLike<number>): void {
    const truth = largest(labels)
    const place = placeOf(logits, truth)
    this.#seen[truth]!++
    if (place < 1) this.#right[truth]!++
    if (place < 5) this.#top5++
    this.#lossSum += crossEntropy(logits, labels)
    this.#addConfusion(truth, place < 1 ? truth : largestNumber(logits))
  }

  #addConfusion(truth: number, predicted: number): void {
    if (predicted < 0) return
    const cell = truth * this.#labels.length + predicted
    this.#confusion.set(cell, (this.#confusion.get(cell) ?? 0) + 1)
  }

  /** For the confusion matrix (charts.ts). An example whose logits are all no numbers was taken for nothing. */
  details(): JsonObject {
    const classes = this.#labels.length
    const cells = [...this.#confusion].sort(([a], [b]) => a - b)
    return { confusion: cells.map(([cell, count]) => [Math.floor(cell / classes), cell % classes, count]) }
  }

  result(): Metrics {
    const count = sum(this.#seen)
    const share = (part: number) => (count === 0 ? 0 : part / count)
    const perClass = this.#labels.flatMap((label, index) => {
      const seen = this.#seen[index]!
      return seen === 0 ? [] : [[label, this.#right[index]! / seen] as const]
    })
    return {
      top1: share(sum(this.#right)),
      top5: share(this.#top5),
      balancedAccuracy: perClass.length === 0 ? 0 : sum(perClass.map(([, recall]) => recall)) / perClass.length,
      loss: share(this.#lossSum),
      count,
      ...Object.fromEntries(perClass.map(([label, recall]) => [`perClass.${label}`, recall])),
    }
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function largest(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index
  return best
}

/** Index of the largest value that is a number (ties: the lowest), −1 when none is. */
function largestNumber(values: ArrayLike<number>): number {
  let best = -1
  for (let index = 0; index < values.length; index++) {
    if (!Number.isNaN(values[index]!) && (best < 0 || values[index]! > values[best]!)) best = index
  }
  return best
}

/** Place of a class in descending order, 0 = first. A logit that is not a number ranks last. */
function placeOf(logits: ArrayLike<number>, index: number): number {
  const own = logits[index]!
  if (Number.isNaN(own)) return logits.length
  let place = 0
  for (let other = 0; other < logits.length; other++) {
    if (logits[other]! > own || (logits[other] === own && other < index)) place++
  }
  return place
}

/** −Σ labels · log softmax(logits). */
function crossEntropy(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  const peak = logits[largest(logits)]!
  let total = 0
  for (let index = 0; index < logits.length; index++) total += Math.exp(logits[index]! - peak)
  const logTotal = peak + Math.log(total)
  let loss = 0
  for (let index = 0; index < logits.length; index++) {
    if (labels[index] !== 0) loss += labels[index]! * (logTotal - logits[index]!)
  }
  return loss
}
