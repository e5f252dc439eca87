import type { CompletedTrial, Finalist, RunReader } from '../run/records.js'
import { meanReward } from './mean-reward.js'

/**
 * The network that a run hands over: of finalists that were all trained again the one with the highest mean reward; until then, and
 * without any, the highest reward that was observed, which is often the luckiest one.
 */
export function winnerOf(store: RunReader): CompletedTrial | null {
  const finalists = store.finalists()
  if (finalists.length > 0 && finalists.every(({ again }) => again !== null)) {
    const first = finalists.map((finalist) => judged(store, finalist)).reduce((a, b) => (b.mean > a.mean ? b : a))
    if (Number.isFinite(first.mean)) return first.trial
  }
  return store.best()
}

function judged(store: RunReader, { trial: id, again }: Finalist) {
  const trial = store.trial(id) as CompletedTrial
  const mean = again && again.error === null ? meanReward(trial.outcome, again) : Number.NEGATIVE_INFINITY
  return { trial, mean }
}
