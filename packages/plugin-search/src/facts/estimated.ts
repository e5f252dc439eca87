import type { Costs, Facts, Genome, Graph } from '@mnas/core/contracts'

/** What can be said of a genome from its graph alone. */
export type Estimated = Pick<Facts, 'costs' | 'latency'>
export type EstimateOf = (genome: Genome) => Estimated

/** What a latency model reads of a graph (LatencyModel.additive). */
export type FeaturesOf = (graph: Graph) => readonly number[]

/** What a network has to do: what it costs, and what latency models read of it, whichever way they are fitted. */
export interface Work {
  readonly costs: Costs
  readonly features: readonly number[]
}
export type WorkOf = (genome: Genome) => Work
