import type { PpoTerms } from './ppo-gradient.js'

/** How the controller learns. */
export interface PpoSettings extends PpoTerms {
  readonly learningRate: number
  /** Networks to one update. */
  readonly networks: number
  /** Steps of Adam on the same networks. */
  readonly epochs: number
  /** What a reward is compared with: a moving mean with this decay, or the mean and deviation of its batch. */
  readonly baseline: number | 'batch'
  /** Whether choices that make no difference to the network are left out. */
  readonly mask: boolean
}

/**
 * paper: what is known of the paper's controller (Tan et al. 2019, §4.1; NASNet, Zoph et al. 2018, appendix A), made for
 * thousands of networks. small: as much learned from a few hundred.
 */
export const ppoPresets = {
  small: { learningRate: 3e-3, networks: 10, epochs: 4, clip: 0.2, entropy: 0.01, baseline: 'batch', mask: true },
  paper: { learningRate: 3.5e-4, networks: 20, epochs: 4, clip: 0.2, entropy: 1e-5, baseline: 0.95, mask: false },
} as const satisfies Readonly<Record<string, PpoSettings>>
export type PpoPreset = keyof typeof ppoPresets

export const presetNames = Object.keys(ppoPresets) as readonly PpoPreset[]
