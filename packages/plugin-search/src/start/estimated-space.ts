import type { SearchSpace } from '@mnas/core/contracts'
import type { EstimateOf } from '../facts/estimated.js'

/** The space at one of its widths. */
export interface SizedSpace {
  readonly width: number
  readonly space: SearchSpace
}

/** With what is known of its genomes before any is trained. */
export type EstimatedSpace = SizedSpace & { readonly estimate: EstimateOf }
