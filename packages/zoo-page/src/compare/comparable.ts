import type { AccuracyClaim, LatencyClaim, ZooEntry } from '@mnas/plugin-zoo'

/** Numbers of two entries that say the same thing of each, or one of them alone. */
export interface Compared<C> {
  readonly key: string
  readonly one: C | null
  readonly other: C | null
}

/** A metric of a claim. */
export interface Metric {
  readonly claim: AccuracyClaim
  readonly value: number
}

/** The same metric on the same data, said in the same way, of a file of the same precision. Other data, another row. */
export function compareAccuracy(one: ZooEntry, other: ZooEntry): readonly Compared<Metric>[] {
  const metricsOf = (entry: ZooEntry) =>
    entry.accuracy.flatMap((claim) =>
      Object.entries(claim.metrics).map(([metric, value]): readonly [string, Metric] => {
        const { name, split, fingerprint } = claim.dataset
        return [JSON.stringify([metric, name, split, fingerprint, claim.basis, precisionOf(entry, claim)]), { claim, value }]
      }),
    )
  return paired(metricsOf(one), metricsOf(other))
}

/** The same device, runtime, accelerator, threads, precision and kind of saying. An emulated device is another one. */
export function compareLatency(one: ZooEntry, other: ZooEntry): readonly Compared<LatencyClaim>[] {
  const timesOf = (entry: ZooEntry) =>
    entry.latency.map((claim): readonly [string, LatencyClaim] => {
      const { device, runtime, accelerator, threads, basis } = claim
      const machine = [device.model, device.fingerprint, device.emulated, runtime.name, runtime.version]
      return [JSON.stringify([...machine, accelerator, threads, basis, precisionOf(entry, claim)]), claim]
    })
  return paired(timesOf(one), timesOf(other))
}

const precisionOf = ({ files }: ZooEntry, { file }: { readonly file: string | null }): string | null =>
  files.find(({ sha256 }) => sha256 === file)?.precision ?? null

/** Those that both have first. The first of several with one key counts: newer claims come first in an entry. */
function paired<C>(one: readonly (readonly [string, C])[], other: readonly (readonly [string, C])[]): readonly Compared<C>[] {
  const [first, second] = [new Map([...one].reverse()), new Map([...other].reverse())]
  const keys = [...new Set([...one, ...other].map(([key]) => key))]
  return keys
    .map((key) => ({ key, one: first.get(key) ?? null, other: second.get(key) ?? null }))
    .sort((a, b) => missing(a) - missing(b))
}

const missing = ({ one, other }: Compared<unknown>) => (one === null || other === null ? 1 : 0)
