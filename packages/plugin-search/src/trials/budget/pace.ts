import type { StartedSearch } from '../../start/search.js'

/** How long trials take. */
export interface Pace {
  /** Milliseconds from one trial that counts to the next, by those of this session, else by all; null: there are none. */
  perTrial(counted: number): number | null
  /** Milliseconds to keep for training the best again, when one more trial is begun. */
  reserved(counted: number): number
}

/** @param begun trials that count so far */
export function paceFrom({ store, goal, wanted }: StartedSearch, begun: number): Pace {
  const fromMs = store.activeMs()
  const perTrial = (counted: number) => {
    if (counted > begun) return (store.activeMs() - fromMs) / (counted - begun)
    return counted > 0 ? store.activeMs() / counted : null
  }
  return {
    perTrial,
    reserved(counted) {
      const again = Math.min(goal.retrainTop, counted + 1)
      return wanted.kind === 'front' || again < 2 ? 0 : again * (perTrial(counted) ?? 0)
    },
  }
}
