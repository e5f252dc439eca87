/** What an operator takes: the mean over the photos, and of the one on which it takes most. In milliseconds. */
export interface OperatorCost {
  readonly costMs: number
  readonly largestMs: number
}

/** The time of each run of each process; run i is on photo i modulo their number. */
export type Runs = readonly (readonly number[])[]

/**
 * By the quickest run of each photo, with the operator and without: what else happens on a computer only ever makes a run longer, and an operator that
 * takes a hundredth of the network would be lost in the medians of processes.
 * @returns null where a photo was never run
 */
export function operatorCost(withIt: Runs, without: Runs, photos: number): OperatorCost | null {
  const [all, bare] = [quickest(withIt, photos), quickest(without, photos)]
  const differences = all.map((ms, photo) => ms - bare[photo]!)
  if (!differences.every(Number.isFinite) || photos === 0) return null
  const costMs = differences.reduce((sum, ms) => sum + ms, 0) / photos
  return { costMs, largestMs: differences.reduce((most, ms) => Math.max(most, ms)) }
}

function quickest(processes: Runs, photos: number): readonly number[] {
  const least = Array<number>(photos).fill(Number.POSITIVE_INFINITY)
  for (const runs of processes) for (const [run, ms] of runs.entries()) least[run % photos] = Math.min(least[run % photos]!, ms)
  return least
}
