import { formatTable } from '@mnas/core/text'
import type { EntryDiff, FieldChange, FileChange, NumberChange } from './diff-entries.js'

/** What two entries say otherwise, for people. */
export function describeDiff({ fields, accuracy, latency, files }: EntryDiff, blocks: readonly FieldChange[]): readonly string[] {
  const parts = [
    formatFields([...fields, ...blocks]),
    formatNumbers('accuracy', accuracy, (value) => value.toFixed(4)),
    formatNumbers('latency', latency, (value) => value.toPrecision(3)),
    formatFiles(files),
  ].filter((lines) => lines.length > 0)
  if (parts.length === 0) return ['They say the same.']
  return parts.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))
}

const none = '–'

const formatFields = (changes: readonly FieldChange[]) =>
  changes.length === 0
    ? []
    : formatTable(
        ['what', 'a', 'b'],
        changes.map(({ field, a, b }) => [field, a ?? none, b ?? none]),
        ['what', 'a', 'b'],
      )

function formatNumbers(title: string, changes: readonly NumberChange[], inWords: (value: number) => string): readonly string[] {
  if (changes.length === 0) return []
  const rows = changes.map(({ basis, of, on, metric, a, b }) => [
    basis,
    of,
    metric,
    a === null ? none : inWords(a),
    b === null ? none : inWords(b),
    a === null || b === null ? 'not comparable' : signed(b - a, inWords),
    on,
  ])
  return formatTable([title, 'of', 'number', 'a', 'b', 'difference', 'on'], rows, [
    title,
    'of',
    'number',
    'a',
    'b',
    'difference',
    'on',
  ])
}

const signed = (value: number, inWords: (value: number) => string) =>
  value === 0 ? '0' : `${value > 0 ? '+' : '−'}${inWords(Math.abs(value))}`

const formatFiles = (changes: readonly FileChange[]) =>
  changes.length === 0
    ? []
    : formatTable(
        ['file', 'change', 'bytes a', 'bytes b'],
        changes.map(({ path, change, a, b }) => [path, change, `${a ?? ''}`, `${b ?? ''}`]),
        ['file'],
      )
