import type { Costs, Facts, Genome, Graph } from '@mnas/core/contracts'

/** What can be said of a genome from its graph alone. */
export type EstimateOf = (genome: Genome) => Facts

/** What a latency model reads of a graph (LatencyModel.additive). */
export type FeaturesOf = (graph: Graph) => readonly number[]

/** What a network has to do: what it costs, and what models of its latency and of its file's size read of it. */
export interface Work {
  readonly costs: Costs
  readonly features: readonly number[]
  readonly sizeFeatures: readonly number[]
}
export type WorkOf = (genome: Genome) => Work
