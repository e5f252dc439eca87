import type { Genome, SearchSpace } from '@mnas/core/contracts'
import { keyOf } from '../../genome-key.js'
import { adamStep, type Learned } from './adam.js'
import type { ControllerLayout } from './controller-layout.js'
import { ppoGradient } from './ppo-gradient.js'
import type { PpoSettings } from './ppo-presets.js'

/** A network that the controller drew, with its reward. */
export interface Rewarded {
  readonly genome: Genome
  /** ln π_old of each choice. */
  readonly logarithms: readonly number[]
  readonly reward: number
}

/** The controller after some networks. @param baseline of the networks before; null: there were none */
export function learn(
  space: SearchSpace,
  layout: ControllerLayout,
  before: Learned,
  batch: readonly Rewarded[],
  baseline: number | null,
  settings: PpoSettings,
): { readonly learned: Learned; readonly baseline: number } {
  const rewards = batch.map(({ reward }) => reward)
  const mean = meanOf(rewards)
  const moved = moveBaseline(settings.baseline, baseline, mean)
  const advantages = settings.baseline === 'batch' ? normalized(rewards, mean) : rewards.map((reward) => reward - moved)
  const experiences = batch.map(({ genome, logarithms }, index) => ({
    genome,
    logarithms,
    advantage: advantages[index]!,
    acts: settings.mask ? actingChoices(space, genome) : genome.map(() => true),
  }))
  let learned = before
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const { gradient } = ppoGradient(layout, learned.weights, experiences, settings)
    learned = adamStep(learned, gradient, settings.learningRate)
  }
  return { learned, baseline: moved }
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function moveBaseline(kind: PpoSettings['baseline'], baseline: number | null, mean: number): number {
  return kind === 'batch' || baseline === null ? mean : kind * baseline + (1 - kind) * mean
}

/** Rewards that are all the same say nothing. */
function normalized(rewards: readonly number[], mean: number): readonly number[] {
  const deviation = Math.sqrt(meanOf(rewards.map((reward) => (reward - mean) ** 2)))
  return rewards.map((reward) => (reward - mean) / (deviation + 1e-6))
}

/** Of each decision: whether any other choice there would make another network. */
export function actingChoices(space: SearchSpace, genome: Genome): readonly boolean[] {
  const now = keyOf(space.canonical(genome))
  return genome.map((choice, index) =>
    space.decisions[index]!.choices.some(
      (_, other) => other !== choice && keyOf(space.canonical(genome.with(index, other))) !== now,
    ),
  )
}
