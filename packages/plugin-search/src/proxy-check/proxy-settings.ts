/** A cheaper training than the reference: fewer epochs, or smaller images. */
export interface ProxySettings {
  readonly epochs: number
  /** Side of the images in pixels. */
  readonly inputSize: number
}

/** Shares of the reference's epochs that are tried where nobody says which, and of its size beside that size itself. */
const epochShares = [1 / 2, 1 / 4, 1 / 8]
const sizeShare = 3 / 4
const sizeStep = 8
/** Below 17 pixels the strides of usual networks find nothing to stride over. */
const smallestSize = 24

/** What is compared with a reference, the cheapest first. @param wanted what somebody asked for; empty: by shares */
export function proxySettings(
  reference: ProxySettings,
  wanted: { readonly epochs: readonly number[]; readonly sizes: readonly number[] },
): readonly ProxySettings[] {
  const epochs = wanted.epochs.length > 0 ? wanted.epochs : epochShares.map((share) => Math.round(share * reference.epochs))
  const sizes = wanted.sizes.length > 0 ? wanted.sizes : sizesFor(reference.inputSize)
  return unique(epochs.filter((count) => count >= 1))
    .flatMap((count) => unique(sizes).map((inputSize) => ({ epochs: count, inputSize })))
    .sort((a, b) => costOf(a) - costOf(b))
}

/** A training's work: pixels that pass through the network, in any unit. */
export const costOf = ({ epochs, inputSize }: ProxySettings): number => epochs * inputSize ** 2

/** Cost of all trainings of one network in epochs of its reference, whose own number is taken to be 1. */
export function epochsInAll(seeds: number, inputSize: number): number {
  // Shares of a large number of epochs: rounding is left out.
  const reference = { epochs: 1000, inputSize }
  const proxies = proxySettings(reference, { epochs: [], sizes: [] })
  return seeds + proxies.reduce((sum, proxy) => sum + costOf(proxy), 0) / costOf(reference)
}

function sizesFor(side: number): readonly number[] {
  const smaller = Math.round((sizeShare * side) / sizeStep) * sizeStep
  return smaller >= smallestSize && smaller < side ? [side, smaller] : [side]
}

const unique = (values: readonly number[]): readonly number[] => [...new Set(values)]
