import type { Facts, Genome } from '@mnas/core/contracts'

/** What can be said of a genome from its graph alone. */
export type EstimateOf = (genome: Genome) => Facts
