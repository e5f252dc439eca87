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

/** A latency for people: `41.27 ms (spread 2.1 %)`, with what makes it less than a fact: unstable, other answers than here, emulated. */
export function formatLatency({ latencyMs, spread, stable, doubts = [], numerics }: Told, emulated: boolean): string {
  const why = doubts.length > 0 ? doubts.map((doubt) => reasons[doubt]).join(', ') : 'the machine was busy'
  const remarks = [
    `spread ${(100 * spread).toFixed(1)} %`,
    ...(stable ? [] : [`UNSTABLE: ${why}, measure again`]),
    ...(numerics?.agrees === false
      ? [`OTHER ANSWERS than here, by ${(100 * numerics.difference).toPrecision(2)} % of their range`]
      : []),
    ...(emulated ? ['emulated'] : []),
  ]
  return `${latencyMs.toFixed(latencyMs < 10 ? 3 : 2)} ms (${remarks.join('; ')})`
}
