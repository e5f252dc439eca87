import type { Lineage } from '@mnas/plugin-zoo'
import type { ComponentChildren } from 'preact'
import { entryAddress } from '../address.js'
import { SourceLink } from '../parts/source-link.js'
import { Link } from '../router.js'

/** Parent → training → search → front, one step a line. */
export function LineageView({ lineage }: { readonly lineage: Lineage }) {
  return (
    <section aria-labelledby="lineage">
      <h2 id="lineage">Where it comes from</h2>
      <ol class="lineage">{stepsOf(lineage)}</ol>
    </section>
  )
}

function stepsOf(lineage: Lineage): ComponentChildren {
  switch (lineage.kind) {
    case 'training':
      return (
        <>
          {lineage.parent && <Parent {...lineage.parent} />}
          <li>
            <strong>Training</strong>: {lineage.recipe}, {lineage.epochs} epochs, seed {lineage.seed}
            <Hash name="job" value={lineage.job} />
            <Hash name="data" value={lineage.data} />
          </li>
          {lineage.search && <SearchStep {...lineage.search} />}
        </>
      )
    case 'imported':
      return (
        <>
          {lineage.parent && <Parent {...lineage.parent} />}
          <li>
            <strong>Imported</strong> from {lineage.from}: {lineage.file}
            {lineage.url !== null && (
              <>
                , <SourceLink url={lineage.url} />
              </>
            )}
            <Hash name="sha256" value={lineage.sha256} />
          </li>
        </>
      )
    case 'published':
      return (
        <li>
          <strong>Published</strong>: {lineage.paper}, {lineage.table}, <SourceLink url={lineage.url} />
        </li>
      )
    default:
      return lineage satisfies never
  }
}

function Parent({ name, digest }: { readonly name: string; readonly digest: string | null }) {
  return (
    <li>
      <strong>Parent</strong>: {name.startsWith('hf:') ? name : <Link to={entryAddress(name)}>{name}</Link>}
      {digest !== null && <Hash name="digest" value={digest} />}
    </li>
  )
}

type SearchOfEntry = NonNullable<Extract<Lineage, { kind: 'training' }>['search']>

function SearchStep({ space, strategy, objective, targetMs, trials, trained, seed, candidate, run }: SearchOfEntry) {
  return (
    <li>
      <strong>Search</strong> that found the network: space {space}, strategy {strategy}, objective {objective}
      {targetMs !== null && `, target ${targetMs} ms`}; {trials} trials, {trained} of them trained, seed {seed}
      <Hash name="run" value={run} />
      <br />
      <a href="#front">Its front</a>, candidate {candidate}
    </li>
  )
}

const Hash = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <span class="quiet">
    {' '}
    {name} <code title={value}>{value.slice(0, 12)}…</code>
  </span>
)
