import type { BoardEntry, RungOptions, RungPolicy, RungPolicyFactory, RungStep, SearchGoal } from '@mnas/core/contracts'
import { rungOrder } from './rung-order.js'

/** Fewer networks than so many times eta say little about who is hopeless. */
const fewestToStop = 2

/**
 * Asynchronous successive halving (Li et al. 2020, algorithm 2): of the networks that a rung has trained about one in eta goes on,
 * as soon as it is among the best of so many; the highest rung is looked at first, and a new network is begun where none may go on.
 * Nobody waits for the rest of a rung. By rewards where one network is wanted, of a front by `rungOrder`.
 *
 * Beyond the algorithm: who would not go on if as many again came and all were worse is stopped; and when nothing more can be
 * asked, each rung sends on its best, so that a search of few trials has a network at the top.
 */
export const halvingPolicy: RungPolicyFactory = { name: 'halving', create: createHalving }
export default halvingPolicy

function createHalving({ fidelities, eta }: RungOptions): RungPolicy {
  return {
    name: halvingPolicy.name,
    next(board, goal, mayAsk) {
      const isLastChance = !mayAsk && board.every(({ state }) => state !== 'running')
      for (let rung = fidelities.length - 2; rung >= 0; rung--) {
        const step = stepAt(board, goal, { rung, eta, fewest: isLastChance ? 1 : 0 })
        if (step) return step
      }
      return mayAsk ? 'ask' : 'wait'
    },
  }
}

interface RungQuestion {
  readonly rung: number
  readonly eta: number
  /** So many go on at least. */
  readonly fewest: number
}

function stepAt(board: readonly BoardEntry[], goal: SearchGoal, { rung, eta, fewest }: RungQuestion): RungStep | null {
  const trained = board.filter(({ estimates }) => estimates.length > rung)
  // Who was stopped here, or failed at the next one, is counted, and takes nobody's place.
  const order = rungOrder(
    trained.filter(({ estimates, state }) => estimates.length > rung + 1 || state !== 'ended'),
    goal,
    rung,
  )
  const isPaused = ({ estimates, state }: BoardEntry) => state === 'paused' && estimates.length === rung + 1
  const going = Math.max(fewest, Math.floor(trained.length / eta))
  const first = order.findIndex(isPaused)
  if (first < 0) return null
  if (first < going) return { promote: order[first]!.trial }
  if (trained.length < fewestToStop * eta) return null
  const last = order.findLastIndex(isPaused)
  return last >= Math.floor((2 * trained.length) / eta) ? { stop: order[last]!.trial } : null
}
