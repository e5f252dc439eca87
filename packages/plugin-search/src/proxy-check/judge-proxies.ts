import type { Headline, Metrics } from '@mnas/core/contracts'
import { bootstrapSamples, type Interval, intervalOf } from './bootstrap.js'
import { costOf, type ProxySettings } from './proxy-settings.js'
import { spearman } from './spearman.js'

/** One network, trained long with several seeds, and as each proxy trains it. */
export interface CheckedNetwork {
  readonly references: readonly Metrics[]
  /** In the order of the proxies. */
  readonly proxies: readonly Metrics[]
}

export interface Correlation extends Interval {
  readonly value: number
}

/** How a proxy, read by one metric, orders the networks. */
export interface JudgedProxy extends ProxySettings {
  readonly metric: string
  /** Of its work, in that of one reference. */
  readonly cost: number
  /** With the reference's headline, on the mean of its seeds. */
  readonly correlation: Correlation
}

export interface ProxyJudgement {
  readonly networks: number
  /** Of the headline, in its own unit. */
  readonly noise: {
    /** Standard deviation between the networks' means. */
    readonly networks: number
    /** Between two trainings of one network. */
    readonly seeds: number
    /** What so few held-out images leave open, were the headline a share of them. */
    readonly sampling: number
  }
  /** Of two references that differ in their seed alone; a proxy is compared with the mean of both, so that it may agree better. */
  readonly betweenSeeds: Correlation
  /** The best first, of equals the cheapest. */
  readonly proxies: readonly JudgedProxy[]
  /** The best; null: its interval does not leave 0, or cheaper ones are not told apart from it. */
  readonly recommended: JudgedProxy | null
  /** Those that the networks do not tell apart from the best, the cheapest first; the best among them. */
  readonly alike: readonly JudgedProxy[]
}

export interface CheckedProxies {
  readonly reference: ProxySettings
  readonly proxies: readonly ProxySettings[]
  /** At least 3. */
  readonly networks: readonly CheckedNetwork[]
  readonly headline: Headline
  /** Held-out images. */
  readonly heldOut: number
}

/** What cheap trainings say of the order that long ones find. */
export function judgeProxies(checked: CheckedProxies): ProxyJudgement {
  const { networks, headline } = checked
  const quality = (metrics: Metrics) => metrics[headline.name]!
  const seeds = networks.map(({ references }) => references.map(quality))
  const truth = seeds.map(meanOf)
  const samples = bootstrapSamples(networks.length)
  const resampled = (a: readonly number[], b: readonly number[]) =>
    samples.map((sample) => spearman(pick(a, sample), pick(b, sample)))
  const correlation = (a: readonly number[], b: readonly number[], of = resampled(a, b)): Correlation => ({
    value: spearman(a, b),
    ...intervalOf(of),
  })
  const rated = ratings(checked)
    .map(({ values, ...proxy }) => {
      const again = resampled(values, truth)
      return { again, proxy: { ...proxy, correlation: correlation(values, truth, again) } }
    })
    .sort((a, b) => b.proxy.correlation.value - a.proxy.correlation.value || a.proxy.cost - b.proxy.cost)
  const best = rated[0]!
  const alike = rated.filter(
    ({ again }) => again === best.again || intervalOf(best.again.map((value, k) => value - again[k]!)).low <= 0,
  )
  const clear = best.proxy.correlation.low > 0 && alike.every(({ proxy }) => proxy.cost >= best.proxy.cost)
  return {
    networks: networks.length,
    noise: { networks: deviationOf(truth), seeds: seedNoise(seeds), sampling: samplingNoise(truth, checked.heldOut) },
    betweenSeeds: correlation(
      seeds.map(([first]) => first!),
      seeds.map((of) => of.at(-1)!),
    ),
    proxies: rated.map(({ proxy }) => proxy),
    recommended: clear ? best.proxy : null,
    alike: alike.map(({ proxy }) => proxy).sort((a, b) => a.cost - b.cost),
  }
}

/** Each proxy by each metric that it can be read by: the headline, and the held-out loss where the task has one. */
function ratings({ reference, proxies, networks, headline }: CheckedProxies) {
  const readings = [
    { metric: headline.name, read: (metrics: Metrics) => metrics[headline.name] },
    { metric: 'loss', read: (metrics: Metrics) => (metrics['loss'] === undefined ? undefined : -metrics['loss']) },
  ]
  return proxies.flatMap((proxy, index) =>
    readings.flatMap(({ metric, read }) => {
      const values = networks.map((network) => read(network.proxies[index]!))
      if (!values.every((value) => value !== undefined)) return []
      return [{ ...proxy, metric, cost: costOf(proxy) / costOf(reference), values }]
    }),
  )
}

const pick = (values: readonly number[], sample: readonly number[]): readonly number[] => sample.map((at) => values[at]!)
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

/** Pooled over the networks. */
function seedNoise(seeds: readonly (readonly number[])[]): number {
  return Math.sqrt(meanOf(seeds.map((values) => deviationOf(values) ** 2)))
}

const samplingNoise = (shares: readonly number[], images: number): number =>
  Math.sqrt(meanOf(shares.map((share) => (share * (1 - share)) / images)))
