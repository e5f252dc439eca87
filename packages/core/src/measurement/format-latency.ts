import type { Doubt, LatencyMeasurement } from '../contracts/index.js'

/** A measurement, or an answer that holds one. */
type Told = Pick<LatencyMeasurement, 'latencyMs' | 'spread' | 'stable'> & {
  readonly [K in 'doubts' | 'numerics']?: LatencyMeasurement[K] | undefined
}

const reasons: Readonly<Record<Doubt, string>> = {
  thermal: 'the device was hot',
  battery: 'its battery was low',
  drift: 'a known model moved meanwhile',
}

export const doubtsInWords = (doubts: readonly Doubt[]): string => doubts.map((doubt) => reasons[doubt]).join(', ')

/** What makes a latency less than a fact, but for being emulated: unstable and why, other answers than here. Empty: nothing. */
export function latencyRemarks({ stable, doubts = [], numerics }: Omit<Told, 'latencyMs' | 'spread'>): readonly string[] {
  const why = doubts.length > 0 ? doubtsInWords(doubts) : 'the machine was busy'
  return [
    ...(stable ? [] : [`UNSTABLE: ${why}, measure again`]),
    ...(numerics?.agrees === false
      ? [`OTHER ANSWERS than here, by ${(100 * numerics.difference).toPrecision(2)} % of their range`]
      : []),
  ]
}

/** A latency for people: `41.27 ms (spread 2.1 %)`, with what makes it less than a fact: unstable, other answers than here, emulated. */
export function formatLatency(told: Told, emulated: boolean): string {
  const { latencyMs, spread } = told
  const remarks = [`spread ${(100 * spread).toFixed(1)} %`, ...latencyRemarks(told), ...(emulated ? ['emulated'] : [])]
  return `${latencyMs.toFixed(latencyMs < 10 ? 3 : 2)} ms (${remarks.join('; ')})`
}
