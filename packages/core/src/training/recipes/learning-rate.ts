import type { Recipe } from './recipe.js'

export interface Schedule {
  readonly recipe: Pick<Recipe, 'learningRate' | 'batchSize' | 'accumulate'>
  /** Updates per epoch. */
  readonly stepsPerEpoch: number
  /** Epochs that the schedule is laid out for; training may stop earlier. */
  readonly epochs: number
}

/**
 * The learning rate of step n (from 0): base · batchSize · accumulate / 256, linear warm-up, then
 *   cosine:       ½ (1 + cos(π · (n − w) / (N − w)))         Loshchilov & Hutter 2017, no restarts
 *   exponential:  decayRate ^ ⌊n / (decayEpochs · S)⌋          staircase; steps count from 0, warm-up included, as the authors' code does
 * with w warm-up steps, N steps in all, S steps per epoch.
 */
export function learningRateAt(schedule: Schedule, step: number): number {
  const { learningRate, batchSize, accumulate } = schedule.recipe
  const peak = (learningRate.base * batchSize * accumulate) / 256
  const warmup = learningRate.warmupEpochs * schedule.stepsPerEpoch
  if (step < warmup) return (peak * step) / warmup
  return peak * decayFactor(schedule, step, warmup)
}

function decayFactor({ recipe: { learningRate }, stepsPerEpoch, epochs }: Schedule, step: number, warmup: number): number {
  switch (learningRate.schedule) {
    case 'constant':
      return 1
    case 'cosine': {
      const progress = (step - warmup) / Math.max(1, epochs * stepsPerEpoch - warmup)
      return 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)))
    }
    case 'exponential':
      return (learningRate.decayRate ?? 0.97) ** Math.floor(step / ((learningRate.decayEpochs ?? 2.4) * stepsPerEpoch))
    default:
      throw learningRate.schedule satisfies never
  }
}

/** The moving average's decay after n updates: min(decay, (1 + n) / (10 + n)), as TensorFlow's ExponentialMovingAverage warms up. */
export function averageDecayAt(decay: number, updates: number): number {
  return Math.min(decay, (1 + updates) / (10 + updates))
}
