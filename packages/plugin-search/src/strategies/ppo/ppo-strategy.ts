import type { Genome, Strategy, StrategyContext, StrategyFactory, TrialOutcome } from '@mnas/core/contracts'
import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { keyOf } from '../../genome-key.js'
import { drawWorthwhile, worthwhile } from '../draw-worthwhile.js'
import { mutate } from '../genome-draws.js'
import { pickTarget } from '../pick-target.js'
import { propose } from '../propose.js'
import { unroll } from './controller.js'
import { type ControllerLayout, controllerLayout } from './controller-layout.js'
import { createDraws } from './draws.js'
import { learn } from './learn.js'
import { ppoOptions, ppoSettings } from './ppo-options.js'
import { type PpoState, readPpoState, writePpoState } from './ppo-state.js'
import { type Judgement, rewardAtFirst, rewardOfMean } from './reward-of.js'

/** E and H (NASNet's controller; the embedding is ours). */
const [embedding, units] = [32, 100]
/** Weights begin uniform within ±.1. */
const initialRange = 0.1
/** Updates in a row with nothing but known networks after which a neighbour of one is proposed instead. */
const fruitlessUpdates = 3
/** Draws behind which the controller has not found what is worth training. */
const mostDraws = 300
/** What is learned is taken to be this while nothing was trained: it only orders what is too slow. */
const unknownMetric = 0.5

/**
 * The paper's controller (Tan et al. 2019, §4.1): an LSTM that decides one choice after the other, trained by PPO on rewards. A
 * network that the history knows is answered from there, one that is too slow as if it had the mean accuracy so far; neither is
 * asked for. For a front each update has a target of its own. With rungs a network is worth what it was at the first.
 */
export const ppoStrategy: StrategyFactory = {
  name: 'ppo',
  options: ppoOptions,
  create: (context) => createPpo(context),
}
export default ppoStrategy

function createPpo(context: StrategyContext): Strategy {
  const { space, goal, metric, seed, history } = context
  const settings = ppoSettings(context.options)
  const worth = worthwhile(context)
  const layout = controllerLayout({ choices: space.decisions.map(({ choices }) => choices.length), embedding, units })
  const keyOfNetwork = (genome: Genome) => keyOf(space.canonical(genome))
  let random = xoroshiro128plus(seed)
  let { learned, nextId, baseline, trained, targetMs }: Omit<PpoState, 'random' | 'draws'> = {
    learned: untrained(layout, random),
    nextId: 0,
    baseline: null,
    trained: { count: 0, sum: 0 },
    targetMs: pickTarget(goal, random),
  }
  let draws = createDraws([], keyOfNetwork)

  const judgement = (): Judgement => {
    const mean = trained.count === 0 ? unknownMetric : trained.sum / trained.count
    return { goal, targetMs, metric, mean }
  }
  const learnFromDraws = (): void => {
    for (let batch = draws.take(settings.networks); batch; batch = draws.take(settings.networks)) {
      ;({ learned, baseline } = learn(space, layout, learned, batch, baseline, settings))
      targetMs = pickTarget(goal, random)
    }
  }
  /** Drawn from the controller, which learns meanwhile from what it draws and is known or too slow. */
  const next = (seen: (genome: Genome) => boolean): Genome | null => {
    let last: Genome = space.smallest()
    for (let draw = 0, known = 0; draw < mostDraws && known < fruitlessUpdates * settings.networks; draw++) {
      const drawn = drawFrom(layout, learned.weights, random)
      last = space.canonical(drawn.genome)
      const isKnown = seen(last)
      const outcome = isKnown ? history.outcomeOf(last) : null
      // What is at work, or waits behind a rung for ever, is drawn again and again: its first draw is learned from alone.
      if (!isKnown || outcome) draws.add({ ...drawn, reward: null })
      if (isKnown) {
        known++
        if (outcome) draws.settle(last, rewardAtFirst(outcome, judgement()))
      } else if (worth(last)) return last
      else {
        known = 0
        draws.settle(last, rewardOfMean(context.facts(last), judgement()))
      }
      learnFromDraws()
    }
    // Not the controller's own, so it does not learn from it.
    return drawWorthwhile(context, seen, random, (previous) => mutate(previous ?? last, space.decisions, random))
  }

  return {
    async ask(n) {
      const proposals = propose(n, nextId, history, next)
      nextId += proposals.length
      return proposals
    },
    async tell(outcomes) {
      for (const outcome of outcomes) {
        const value = isFirst(outcome) ? (outcome.estimate.metrics[metric] ?? 0) : null
        if (value !== null) trained = { count: trained.count + 1, sum: trained.sum + value }
        draws.settle(outcome.genome, rewardAtFirst(outcome, judgement()))
      }
      learnFromDraws()
    },
    state: () => {
      const noted = { random: [...random.getState()], nextId, baseline, trained, targetMs }
      return writePpoState({ ...noted, learned, draws: draws.all() })
    },
    restore(state) {
      const read = readPpoState(state, layout.length)
      random = xoroshiro128plusFromState(read.random)
      ;({ learned, nextId, baseline, trained, targetMs } = read)
      draws = createDraws(read.draws, keyOfNetwork)
    },
  }
}

/** What a training said that had none before it: others would raise the mean by themselves. */
function isFirst(outcome: TrialOutcome): outcome is Extract<TrialOutcome, { readonly status: 'completed' | 'paused' }> {
  const { status } = outcome
  return (status === 'completed' && outcome.rung === undefined) || (status === 'paused' && outcome.rung === 0)
}

function untrained({ length }: ControllerLayout, random: RandomGenerator) {
  const weights = Float32Array.from({ length }, () => initialRange * (2 * uniformFloat32(random) - 1))
  return { weights, mean: new Float32Array(length), square: new Float32Array(length), steps: 0 }
}

function drawFrom(layout: ControllerLayout, weights: Float32Array, random: RandomGenerator) {
  const steps = unroll(layout, weights, (logarithms) => {
    let left = uniformFloat32(random)
    const choice = logarithms.findIndex((logarithm) => {
      left -= Math.exp(logarithm)
      return left < 0
    })
    // Rounding can leave the sum of all a little below 1.
    return choice < 0 ? logarithms.length - 1 : choice
  })
  return {
    genome: steps.map(({ choice }) => choice),
    logarithms: steps.map(({ logarithms, choice }) => logarithms[choice]!),
  }
}
