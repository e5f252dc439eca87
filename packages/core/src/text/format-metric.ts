import type { Headline, Metrics } from '../contracts/index.js'

/** A metric's value as people read it: a fraction as `93.0 %`, anything else with four digits. */
export function formatMetric({ percent }: Headline, value: number): string {
  return percent ? `${(value * 100).toFixed(1)} %` : value.toPrecision(4)
}

/** `accuracy 93.0 %`, or `accuracy unknown` where the metrics do not hold it. */
export function formatHeadline(headline: Headline, metrics: Metrics): string {
  const value = metrics[headline.name]
  return `${headline.label} ${value === undefined ? 'unknown' : formatMetric(headline, value)}`
}
