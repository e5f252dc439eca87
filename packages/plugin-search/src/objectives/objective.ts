import type { Facts, Measured, Metrics, SearchObjective } from '@mnas/core/contracts'

/** What an objective of the paper's kind, accuracy against latency, is beside its formula. */
export function accuracyAndLatency(
  name: string,
  metric: string,
  formula: {
    readonly reward: (accuracy: number, latencyMs: number) => number
    readonly worthTraining: SearchObjective['worthTraining']
  },
): SearchObjective {
  const values = ({ metrics, facts }: Measured) => [accuracyOf(metrics, metric), facts.latency.latencyMs] as const
  return {
    name,
    axes: [
      { name: metric, better: 'more' },
      { name: 'latencyMs', better: 'less' },
    ],
    values,
    reward: (measured) => formula.reward(...values(measured)),
    worthTraining: formula.worthTraining,
  }
}

/** ACC of the paper's formula; a metric that is missing counts as 0, so that the candidate loses instead of the run ending. */
function accuracyOf(metrics: Metrics, metric: string): number {
  const value = metrics[metric]
  return value !== undefined && Number.isFinite(value) ? value : 0
}

/** The least that the true latency may be. */
export function optimisticMs({ latency }: Facts): number {
  return latency.latencyMs * (1 - latency.relativeError)
}

/** ACC · (LAT / T)^w with w = α up to the target and β beyond it (Tan et al. 2019, equations 2 and 3). */
export function weightedProduct(accuracy: number, latencyMs: number, targetMs: number, alpha: number, beta: number): number {
  return accuracy * (latencyMs / targetMs) ** (latencyMs <= targetMs ? alpha : beta)
}
