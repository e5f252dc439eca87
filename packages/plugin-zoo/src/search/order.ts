import { didYouMean } from '@mnas/core/errors'
import { searchErrors } from './errors.js'
import { type Basis, bases, fieldsOf, type SearchRow } from './search-rows.js'
import { fields, kindOf } from './where/fields.js'

/** By what rows are sorted. */
export interface Order {
  readonly field: string
  readonly descending: boolean
}

/** Of which less is better; of other numbers more. */
const ascending = ['ms', 'sizeBytes', 'parameters', 'multiplyAdds', 'inputSize']

/** @param text `top1`, `ms:desc`; null: by name. @throws MNAS_ZOO_SEARCH */
export function parseOrder(text: string | null, metrics: readonly string[]): Order {
  const [, field = 'name', direction] = /^(.*?)(?::(asc|desc))?$/.exec(text ?? 'name') ?? []
  const kind = kindOf(field, metrics)
  if (kind === null)
    throw searchErrors.MNAS_ZOO_SEARCH({
      what: 'this order',
      expected: 'a metric or a field, perhaps with :asc or :desc',
      received: `"${text}".${didYouMean(field, [...metrics, ...Object.keys(fields)])}`,
      fix: 'Correct --sort.',
    })
  const rising = kind === 'text' || ascending.includes(field) || /loss/i.test(field)
  return { field, descending: direction === undefined ? !rising : direction === 'desc' }
}

/**
 * Numbers of one basis stand together, measured ones first, and never between those of another; what is not known comes last. The same rows give the same
 * order, wherever they came from.
 */
export function sorted(rows: readonly SearchRow[], { field, descending }: Order): readonly SearchRow[] {
  const keyed = rows.map((row) => {
    const value = fieldsOf(row)(field)
    return { row, value, group: groupOf(row, field, value) }
  })
  const compare = (a: number | string, b: number | string) => (a === b ? 0 : a < b !== descending ? -1 : 1)
  keyed.sort(
    (a, b) =>
      a.group - b.group ||
      (a.value === undefined || b.value === undefined ? 0 : compare(a.value, b.value)) ||
      compareNames(a.row, b.row),
  )
  return keyed.map(({ row }) => row)
}

/** Which basis a row's number has; null: it does not come from a claim. */
export function basisOf({ accuracy, latency }: SearchRow, field: string): Basis | null {
  if (field === 'ms') return latency?.basis ?? null
  return accuracy && Object.hasOwn(accuracy.metrics, field) ? accuracy.basis : null
}

function groupOf(row: SearchRow, field: string, value: unknown): number {
  if (value === undefined) return bases.length + 1
  const basis = basisOf(row, field)
  return basis === null ? 0 : bases.indexOf(basis)
}

const compareNames = ({ entry: a }: SearchRow, { entry: b }: SearchRow) =>
  a.name === b.name ? (a.release < b.release ? 1 : a.release > b.release ? -1 : 0) : a.name < b.name ? -1 : 1
