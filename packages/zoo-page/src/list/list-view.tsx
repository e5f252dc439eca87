import { useMemo, useState } from 'preact/hooks'
import { pickParameter } from '../address.js'
import { Link, useRouter } from '../router.js'
import { choicesOf } from './choices.js'
import { DeviceChart } from './device-chart.js'
import { FilterForm } from './filter-form.js'
import { addressOf, type Filters, filtersIn } from './filters.js'
import { RowView } from './row-view.js'
import type { Row } from './rows.js'
import { basesOf, type Selected, selectRows } from './select-rows.js'

const pageRows = 50

/** Everything in the zoo, as far as the address asks for it. */
export function ListView({ rows }: { readonly rows: readonly Row[] }) {
  const { address, go } = useRouter()
  const search = address.toString()
  const filters = useMemo(() => filtersIn(address), [search])
  const choices = useMemo(
    () => choicesOf(rows.filter(({ entry }) => filters.task === '' || entry.task === filters.task)),
    [rows, filters.task],
  )
  const metric = filters.metric || choices.metrics[0] || ''
  const selected = useMemo(() => timed(() => selectRows(rows, filters, metric)), [rows, filters, metric])
  const [more, setMore] = useState({ search, rows: pageRows })
  const shown = more.search === search ? more.rows : pageRows
  const pick = address.get(pickParameter)

  function change(changes: Partial<Filters>) {
    const next = addressOf({ ...filters, ...changes })
    if (pick !== null) next.set(pickParameter, pick)
    go(`?${next}`, { replace: true })
  }

  return (
    <>
      {pick !== null && <Picking pick={pick} filters={filters} />}
      <FilterForm filters={filters} choices={choices} metric={metric} change={change} />
      <DeviceChart
        rows={rows}
        filters={filters}
        choices={choices}
        metric={metric}
        chooseDevice={(device) => change({ device })}
      />
      <section aria-labelledby="models">
        <h2 id="models">Models</h2>
        <p role="status" class="count">
          {countOf(selected)}
          <MixedNote selected={selected} filters={filters} metric={metric} />
        </p>
        <ol class="rows">
          {selected.slice(0, shown).map((one) => (
            <RowView key={one.row.id} selected={one} metric={metric} pick={pick} />
          ))}
        </ol>
        {selected.length > shown && (
          <button type="button" onClick={() => setMore({ search, rows: shown + 2 * pageRows })}>
            and {selected.length - shown} more
          </button>
        )}
      </section>
    </>
  )
}

const countOf = (selected: readonly Selected[]) =>
  selected.length === 0
    ? 'No model is so; take a filter away.'
    : `${selected.length} ${selected.length === 1 ? 'model' : 'models'}`

/** Leaves how long it took where `performance.getEntriesByName('filter')` finds it. */
function timed<T>(work: () => T): T {
  const start = performance.now()
  const result = work()
  performance.measure('filter', { start })
  return result
}

interface MixedProps {
  readonly selected: readonly Selected[]
  readonly filters: Filters
  readonly metric: string
}

/** Numbers of different kinds, or of different data, stand in one order only with these words. */
function MixedNote({ selected, filters, metric }: MixedProps) {
  const { sort } = filters
  if (sort !== 'accuracy' && sort !== 'latency') return null
  const bases = basesOf(selected, sort)
  const datasets = new Set(selected.flatMap(({ accuracy }) => (accuracy ? [accuracy.claim.dataset] : [])))
  const notes = [
    ...(bases.length > 1 ? [`${bases.join(' and ')} numbers stand in one order`] : []),
    ...(sort === 'accuracy' && datasets.size > 1 ? [`${metric} is of ${datasets.size} different data sets`] : []),
  ]
  return notes.length === 0 ? null : <span class="note"> Mind: {notes.join('; ')}.</span>
}

function Picking({ pick, filters }: { readonly pick: string; readonly filters: Filters }) {
  return (
    <p class="picking" role="status">
      Compare <strong>{pick}</strong> with … choose another one below. <Link to={`?${addressOf(filters)}`}>Not now</Link>
    </p>
  )
}
