import type { Architecture } from '@mnas/core/architecture'
import type { Fidelity, Hash, JsonObject, TrialJob } from '@mnas/core/contracts'
import type { ProxySettings } from './proxy-settings.js'

/** All trainings of one network. */
export interface NetworkJobs {
  readonly references: readonly TrialJob[]
  /** In the order of the proxies. */
  readonly proxies: readonly TrialJob[]
}

export interface JobTerms {
  readonly reference: ProxySettings
  readonly proxies: readonly ProxySettings[]
  /** Of a search's trainings. The reference has the head that is deployed. */
  readonly proxyHeadFilters: number
  readonly data: Hash
  readonly seed: number
  recipeOf(epochs: number): JsonObject
}

/** Seeds of a reference: two say how far chance goes. */
export const referenceSeeds = 2

export function networkJobs(architecture: Architecture, terms: JobTerms): NetworkJobs {
  const { reference, proxies, proxyHeadFilters, seed } = terms
  const job = ({ epochs, inputSize }: ProxySettings, headFilters: number, itsSeed: number): TrialJob => {
    const fidelity: Fidelity = { epochs, scheduleEpochs: epochs, inputSize, headFilters }
    const { data, recipeOf } = terms
    return { architecture, data, recipe: recipeOf(epochs), seed: itsSeed, fidelity, start: { kind: 'scratch' } }
  }
  const { filters } = architecture.head
  return {
    references: Array.from({ length: referenceSeeds }, (_, index) => job(reference, filters, seed + index)),
    // Of no reference's seed: drawn alike they would agree more than two references do with each other.
    proxies: proxies.map((proxy) => job(proxy, proxyHeadFilters, seed + referenceSeeds)),
  }
}
