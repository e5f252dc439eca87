import { type EntrySummary, pageErrors } from '@mnas/plugin-zoo'
import { useEffect } from 'preact/hooks'
import { entryAddress, pickParameter } from '../address.js'
import { byRelease, idOf } from '../list/rows.js'
import { CopyLine } from '../parts/copy-line.js'
import { ErrorNote } from '../parts/error-note.js'
import { formatCount } from '../parts/quantity.js'
import { useLoaded } from '../parts/use-loaded.js'
import { Link } from '../router.js'
import { routesOf } from '../try/routes.js'
import { TryIt } from '../try/try-it.js'
import type { LoadedEntry, ZooClient } from '../zoo/zoo-client.js'
import { AccuracyTable } from './accuracy-table.js'
import { CardView } from './card-view.js'
import { ChartsView } from './charts-view.js'
import { FileTable } from './file-table.js'
import { FrontView } from './front-view.js'
import { LatencyTable } from './latency-table.js'
import { LicenceView } from './licence-view.js'
import { LineageView } from './lineage-view.js'

interface EntryViewProps {
  readonly zoo: ZooClient
  readonly name: string
  /** null: the newest. */
  readonly release: string | null
}

export function EntryView({ zoo, name, release }: EntryViewProps) {
  const loaded = useLoaded(() => loadEntry(zoo, name, release), [zoo, name, release])
  useEffect(() => {
    document.title = `${name} – zoo of models`
  }, [name])
  switch (loaded.kind) {
    case 'loading':
      return <p role="status">{name} is fetched …</p>
    case 'failed':
      return <ErrorNote error={loaded.error} />
    case 'loaded':
      return <Entry zoo={zoo} {...loaded.value} />
    default:
      return loaded satisfies never
  }
}

export interface FoundEntry extends LoadedEntry {
  readonly summary: EntrySummary
  /** Newest first. */
  readonly releases: readonly EntrySummary[]
}

/** @throws MNAS_PAGE_ZOO when there is none, MNAS_PAGE_FETCH */
export async function loadEntry(zoo: ZooClient, name: string, release: string | null): Promise<FoundEntry> {
  const releases = (await zoo.releasesOf(name)).toSorted(byRelease)
  const newest = releases.find(({ yanked }) => yanked === null) ?? releases[0]
  const summary = release === null ? newest : releases.find((one) => one.release === release)
  if (!summary) {
    const what = release === null ? name : `${name}@${release}`
    throw pageErrors.MNAS_PAGE_ZOO({ what: `"${what}"`, expected: 'a release that the list of this zoo has' })
  }
  return { summary, releases, ...(await zoo.entry(summary)) }
}

function Entry({ zoo, summary, releases, entry, card, attested, checked }: FoundEntry & { readonly zoo: ZooClient }) {
  const id = idOf(entry)
  return (
    <article>
      <h1>
        {entry.name} <span class="release">{entry.release}</span>
      </h1>
      {summary.yanked !== null && (
        <p class="error" role="alert">
          Withdrawn: {summary.yanked}
        </p>
      )}
      <p class="lead">{entry.card.summary}</p>
      <Facts summary={summary} checked={checked} />
      <CopyLine label="Pull it" text={`mnas zoo pull ${id} --zoo ${zoo.urlOf('.')} --out models/${entry.name.split('/')[1]}`} />
      <p>
        <Link class="action" to={`?${pickParameter}=${id}`}>
          Compare with another one
        </Link>
      </p>
      <TryIt routes={routesOf(entry, zoo.urlOf)} />
      <AccuracyTable claims={claimsOf('accuracy', entry, attested)} files={entry.files} />
      <LatencyTable claims={claimsOf('latency', entry, attested)} files={entry.files} />
      <CopyLine label="Check all of it on your own machine" text={`mnas zoo verify ${id} --zoo ${zoo.urlOf('.')}`} />
      <LineageView lineage={entry.lineage} />
      <FrontView entry={entry} zoo={zoo} />
      <ChartsView files={entry.files} zoo={zoo} />
      <CardView card={entry.card} readme={card} />
      <LicenceView licence={entry.licence} files={entry.files} urlOf={zoo.urlOf} />
      <FileTable files={entry.files} urlOf={zoo.urlOf} />
      <Releases releases={releases} current={entry.release} />
    </article>
  )
}

/** The entry's own, then those of others. */
function claimsOf<K extends 'accuracy' | 'latency'>(kind: K, entry: FoundEntry['entry'], attested: FoundEntry['attested']) {
  type Claim = FoundEntry['entry'][K][number]
  const own = (entry[kind] as readonly Claim[]).map((claim) => ({ claim, by: null }))
  const others = attested.flatMap(({ key, ...claims }) => (claims[kind] as readonly Claim[]).map((claim) => ({ claim, by: key })))
  return [...own, ...others]
}

function Facts({ summary, checked }: { readonly summary: EntrySummary; readonly checked: boolean }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Task', summary.task],
    ['Architecture', summary.architectureName],
    ['Input', `${summary.inputSize} × ${summary.inputSize} pixels`],
    ...(summary.classes === null ? [] : ([['Classes', String(summary.classes)]] as const)),
    ['Parameters', formatCount(summary.parameters)],
    ['Multiply-adds', formatCount(summary.multiplyAdds)],
    ['Licence of the weights', summary.licence],
    ['Published', summary.date],
    ['Signature', summary.signed ? 'there is one: mnas zoo verify checks it' : 'none'],
    ['Digest', `sha256:${summary.digest}${checked ? ', compared' : ', not compared: this page did not come over https'}`],
  ]
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Releases({ releases, current }: { readonly releases: readonly EntrySummary[]; readonly current: string }) {
  if (releases.length < 2) return null
  return (
    <section aria-labelledby="releases">
      <h2 id="releases">Releases</h2>
      <ul>
        {releases.map(({ name, release, date, yanked }) => (
          <li key={release}>
            {release === current ? <strong>{release}</strong> : <Link to={entryAddress(`${name}@${release}`)}>{release}</Link>},{' '}
            {date}
            {yanked !== null && `, withdrawn: ${yanked}`}
          </li>
        ))}
      </ul>
    </section>
  )
}
