import type { Metrics, Split } from '../../contracts/index.js'

const splitWords = {
  train: 'training',
  heldOut: 'held-out',
  validation: 'validation',
  test: 'test',
  all: 'whole',
} as const satisfies Record<Split, string>

/** An evaluation gave what is no number: the weights are spoiled. What that means, who evaluates knows. */
export class MetricNotFinite extends Error {
  /** E.g. `a validation loss of NaN`. */
  readonly received: string

  constructor(split: Split, metric: string, value: number) {
    const received = `a ${splitWords[split]} ${metric} of ${value}`
    super(`the evaluation gave ${received}`)
    this.received = received
  }
}

/** @returns the metrics. @throws MetricNotFinite: neither a checkpoint nor an answer can hold such a number */
export function requireFinite(metrics: Metrics, split: Split): Metrics {
  for (const [name, value] of Object.entries(metrics)) if (!Number.isFinite(value)) throw new MetricNotFinite(split, name, value)
  return metrics
}

/** For `catch`: throws another error in place of a MetricNotFinite. */
export function whenNotFinite(other: (broken: MetricNotFinite) => Error): (error: unknown) => never {
  return (error) => {
    throw error instanceof MetricNotFinite ? other(error) : error
  }
}
