import type { Dataset } from '../contracts/index.js'
import { formatTable } from '../text/index.js'
import type { CheckedData } from './check-data.js'

const titles = { train: 'TRAIN', heldOut: 'HELD OUT', validation: 'VALIDATION', test: 'TEST' } as const
const mostReasons = 10

/** What a check of data found, for people. */
export function describeChecked(checked: CheckedData): readonly string[] {
  const { task, takenFor, labels, counted, splits, skipped, refused, look } = checked
  const rows = [
    ['images', ...splits.map(({ examples }) => count(examples))],
    ...labels.map((label, at) => [label, ...splits.map(({ counts }) => (counts ? count(counts[at]!) : ''))]),
  ]
  const places = splits.flatMap(({ split, place }) => (place === null ? [] : [`${titles[split].toLowerCase()}: ${place}`]))
  return [
    takenFor === null ? `taken for ${task}` : `taken for ${task}, ${takenFor}`,
    ...places,
    '',
    ...formatTable([counted === null ? 'CLASS' : `CLASS (${counted})`, ...splits.map(({ split }) => titles[split])], rows, [
      'CLASS',
    ]),
    '',
    ...describeSkipped(skipped),
    ...(look ? ['', ...look.lines] : []),
    ...refused.flatMap(({ message }) => ['', `no training would take this: ${message}`]),
  ]
}

/** By reason, the most frequent first, with the first file of each. */
function describeSkipped(skipped: Dataset['skipped']): readonly string[] {
  if (skipped.length === 0) return ['nothing is left out']
  const reasons = new Map<string, string[]>()
  for (const { file, reason } of skipped) reasons.set(reason, [...(reasons.get(reason) ?? []), file])
  const sorted = [...reasons].sort(([, a], [, b]) => b.length - a.length)
  const lines = sorted.slice(0, mostReasons).map(([reason, files]) => {
    const [first] = files
    return files.length === 1 ? `left out: ${first}: ${reason}` : `left out: ${count(files.length)} × ${reason} (${first}, …)`
  })
  const more = sorted.length - mostReasons
  return more > 0 ? [...lines, `left out for ${more} more reasons: --json lists them`] : lines
}

const count = (value: number) => value.toLocaleString('en')
