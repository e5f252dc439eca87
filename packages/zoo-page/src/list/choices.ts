import { deviceOf, type Row } from './rows.js'

/** What there is to choose from, most frequent first. */
export interface Choices {
  readonly tasks: readonly string[]
  readonly licences: readonly string[]
  readonly datasets: readonly string[]
  readonly metrics: readonly string[]
  readonly devices: readonly string[]
}

export function choicesOf(rows: readonly Row[]): Choices {
  const entries = rows.map(({ entry }) => entry)
  const accuracies = entries.flatMap(({ accuracy }) => accuracy)
  return {
    tasks: frequent(entries.map(({ task }) => task)),
    licences: frequent(entries.map(({ licence }) => licence)),
    datasets: frequent(accuracies.map(({ dataset }) => dataset)),
    metrics: frequent(accuracies.flatMap(({ metrics }) => Object.keys(metrics).filter(isAccuracy))),
    devices: frequent(entries.flatMap(({ latency }) => latency.map(deviceOf))),
  }
}

/** More of it is better, and it is of the whole: no loss, no count of images, nothing of one class. */
const isAccuracy = (metric: string) => !/loss|^count$|\./i.test(metric)

/** Of those that are as frequent the one that comes first: a task's first metric is the one that it goes by. */
function frequent(values: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([, n], [, m]) => m - n).map(([value]) => value)
}
