/** What a reader asks of the list. All of it stands in the address; what is not asked is left out of it. */
export interface Filters {
  /** Words that name, architecture or summary hold, all of them. */
  readonly q: string
  readonly task: string
  readonly licence: string
  readonly basis: '' | Basis
  /** Of which accuracies are shown. */
  readonly dataset: string
  readonly metric: string
  /** At least, of the metric; null: any. */
  readonly least: number | null
  /** As `deviceOf` says it: an emulated one is another device. */
  readonly device: string
  /** At most, in ms, on the device. */
  readonly maxMs: number | null
  /** At most, in bytes. */
  readonly maxBytes: number | null
  readonly maxParameters: number | null
  /** Every release, and those that were withdrawn. */
  readonly all: boolean
  readonly sort: Sort
}

export type Basis = 'measured' | 'attested' | 'published'
export const bases = ['measured', 'attested', 'published'] as const satisfies readonly Basis[]

export const sorts = ['accuracy', 'latency', 'size', 'parameters', 'date', 'name'] as const
export type Sort = (typeof sorts)[number]

export const noFilters: Filters = {
  q: '',
  task: '',
  licence: '',
  basis: '',
  dataset: '',
  metric: '',
  least: null,
  device: '',
  maxMs: null,
  maxBytes: null,
  maxParameters: null,
  all: false,
  sort: 'accuracy',
}

/** Names of the filters in an address; where `mnas zoo search` has a flag for it, its name. */
const names = {
  q: 'q',
  task: 'task',
  licence: 'licence',
  basis: 'basis',
  dataset: 'dataset',
  metric: 'metric',
  least: 'min',
  device: 'device',
  maxMs: 'max-latency',
  maxBytes: 'max-size',
  maxParameters: 'max-parameters',
  all: 'all',
  sort: 'sort',
} as const satisfies Readonly<Record<keyof Filters, string>>
const keys = Object.keys(names) as readonly (keyof Filters)[]

/** What an address cannot mean is as if it was not there. */
export function filtersIn(address: URLSearchParams): Filters {
  const text = (key: keyof Filters) => address.get(names[key]) ?? ''
  const number = (key: keyof Filters) => {
    const value = text(key)
    return value !== '' && Number.isFinite(Number(value)) ? Number(value) : null
  }
  const one = <T extends string>(key: keyof Filters, known: readonly T[]) => known.find((value) => value === text(key))
  return {
    q: text('q'),
    task: text('task'),
    licence: text('licence'),
    basis: one('basis', bases) ?? '',
    dataset: text('dataset'),
    metric: text('metric'),
    least: number('least'),
    device: text('device'),
    maxMs: number('maxMs'),
    maxBytes: number('maxBytes'),
    maxParameters: number('maxParameters'),
    all: text('all') === '1',
    sort: one('sort', sorts) ?? noFilters.sort,
  }
}

export function addressOf(filters: Filters): URLSearchParams {
  const address = new URLSearchParams()
  for (const key of keys) {
    const value = filters[key]
    if (value !== noFilters[key]) address.set(names[key], value === true ? '1' : String(value))
  }
  return address
}
