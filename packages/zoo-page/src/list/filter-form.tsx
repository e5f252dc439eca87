import { useState } from 'preact/hooks'
import type { Choices } from './choices.js'
import { Amount, Choice } from './filter-inputs.js'
import { bases, type Filters, noFilters, sorts } from './filters.js'

interface FilterFormProps {
  readonly filters: Filters
  readonly choices: Choices
  readonly metric: string
  change(changes: Partial<Filters>): void
}

const megabyte = 1e6

export function FilterForm({ filters, choices, metric, change }: FilterFormProps) {
  const any = Object.entries(noFilters).some(([key, value]) => filters[key as keyof Filters] !== value)
  const [open, setOpen] = useState(() => any || matchMedia('(min-width: 48rem)').matches)
  return (
    <search>
      <form onSubmit={(event) => event.preventDefault()}>
        <label class="wide">
          Find
          <input
            type="search"
            value={filters.q}
            placeholder="words of name, architecture, summary"
            onInput={({ currentTarget }) => change({ q: currentTarget.value })}
          />
        </label>
        <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>Filters</summary>
          <div class="filters">
            <FilterFields filters={filters} choices={choices} metric={metric} change={change} />
            {any && (
              <button type="button" onClick={() => change(noFilters)}>
                Take all filters away
              </button>
            )}
          </div>
        </details>
      </form>
    </search>
  )
}

function FilterFields({ filters, choices, metric, change }: FilterFormProps) {
  return (
    <>
      <Choice label="Task" value={filters.task} values={choices.tasks} choose={(task) => change({ task })} />
      <Choice label="Licence" value={filters.licence} values={choices.licences} choose={(licence) => change({ licence })} />
      <Choice label="Data set" value={filters.dataset} values={choices.datasets} choose={(dataset) => change({ dataset })} />
      <Choice label="Metric" value={metric} values={choices.metrics} choose={(next) => change({ metric: next })} required />
      <Amount label={`${metric || 'Metric'} at least`} value={filters.least} step={0.01} set={(least) => change({ least })} />
      <Choice
        label="Device"
        value={filters.device}
        values={choices.devices}
        choose={(device) => change({ device, maxMs: device === '' ? null : filters.maxMs })}
      />
      <Amount
        label="Latency at most, ms"
        value={filters.maxMs}
        step={0.1}
        set={(maxMs) => change({ maxMs, device: filters.device || (choices.devices[0] ?? '') })}
      />
      <Amount
        label="Size at most, MB"
        value={filters.maxBytes === null ? null : filters.maxBytes / megabyte}
        step={0.1}
        set={(size) => change({ maxBytes: size === null ? null : size * megabyte })}
      />
      <Amount
        label="Parameters at most"
        value={filters.maxParameters}
        step={1000}
        set={(maxParameters) => change({ maxParameters })}
      />
      <Choice
        label="Numbers"
        value={filters.basis}
        values={bases}
        choose={(basis) => change({ basis: basis as Filters['basis'] })}
      />
      <Choice
        label="Order"
        value={filters.sort}
        values={sorts}
        choose={(sort) => change({ sort: sort as Filters['sort'] })}
        required
      />
      <label class="check">
        <input type="checkbox" checked={filters.all} onChange={({ currentTarget }) => change({ all: currentTarget.checked })} />{' '}
        all releases, withdrawn ones too
      </label>
    </>
  )
}
