import type { TensorSpec } from '@mnas/core/contracts'
import { bytesOf } from '@mnas/core/graph'
import type { Work } from './estimated.js'

/** A part of a network, and what it gives to the next one. */
export interface Part extends Work {
  readonly output: TensorSpec
  /** What the head reads of the inside of the part. */
  readonly tap?: TensorSpec
}

/** The work of a network while its parts come in, in their order. */
export class WorkSum {
  readonly #costs
  readonly #features: number[]
  readonly #sizeFeatures: number[]

  constructor({ costs, features, sizeFeatures }: Work) {
    this.#costs = { ...costs }
    this.#features = [...features]
    this.#sizeFeatures = [...sizeFeatures]
  }

  /** @param heldBytes of a value that lives on beside the part */
  add({ costs, features, sizeFeatures }: Work, heldBytes: number): void {
    const [sum, ours, sizes] = [this.#costs, this.#features, this.#sizeFeatures]
    sum.parameters += costs.parameters
    sum.macs += costs.macs
    sum.peakMemoryBytes = Math.max(sum.peakMemoryBytes, costs.peakMemoryBytes + heldBytes)
    for (let j = 0; j < ours.length; j++) ours[j]! += features[j]!
    for (let j = 0; j < sizes.length; j++) sizes[j]! += sizeFeatures[j]!
  }

  result(): Work {
    return { costs: this.#costs, features: this.#features, sizeFeatures: this.#sizeFeatures }
  }
}

/** The first layer of a row and the ones that are alike. */
export function withRepeats(first: Part, next: Part, times: number): Part {
  const held = first.tap ? bytesOf(first.tap) : 0
  return {
    costs: {
      parameters: first.costs.parameters + times * next.costs.parameters,
      macs: first.costs.macs + times * next.costs.macs,
      peakMemoryBytes: Math.max(first.costs.peakMemoryBytes, next.costs.peakMemoryBytes + held),
    },
    features: first.features.map((value, j) => value + times * next.features[j]!),
    sizeFeatures: first.sizeFeatures.map((value, j) => value + times * next.sizeFeatures[j]!),
    output: next.output,
    ...(first.tap && { tap: first.tap }),
  }
}

/** @param peakMemoryBytes of what is left, which is no difference */
export function without(whole: Work, part: Work, peakMemoryBytes: number): Work {
  return {
    costs: {
      parameters: whole.costs.parameters - part.costs.parameters,
      macs: whole.costs.macs - part.costs.macs,
      peakMemoryBytes,
    },
    features: whole.features.map((value, j) => value - part.features[j]!),
    sizeFeatures: whole.sizeFeatures.map((value, j) => value - part.sizeFeatures[j]!),
  }
}
