import type { LatencyClaim } from '@mnas/plugin-zoo'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { entryAddress, referenceOf } from '../address.js'
import { type FoundEntry, loadEntry } from '../entry/entry-view.js'
import { idOf } from '../list/rows.js'
import { BasisBadge, EmulatedBadge } from '../parts/basis.js'
import { CopyLine } from '../parts/copy-line.js'
import { ErrorNote } from '../parts/error-note.js'
import { formatBytes, formatCount, formatMs } from '../parts/quantity.js'
import { useLoaded } from '../parts/use-loaded.js'
import { Link } from '../router.js'
import type { ZooClient } from '../zoo/zoo-client.js'
import { type Compared, compareAccuracy, compareLatency, type Metric } from './comparable.js'

interface CompareViewProps {
  readonly zoo: ZooClient
  readonly one: string
  readonly other: string
}

export function CompareView({ zoo, one, other }: CompareViewProps) {
  const load = (id: string) => {
    const { name, release } = referenceOf(id)
    return loadEntry(zoo, name, release)
  }
  const loaded = useLoaded(() => Promise.all([load(one), load(other)]), [zoo, one, other])
  useEffect(() => {
    document.title = `${one} beside ${other} – zoo of models`
  }, [one, other])
  switch (loaded.kind) {
    case 'loading':
      return <p role="status">Both are fetched …</p>
    case 'failed':
      return <ErrorNote error={loaded.error} />
    case 'loaded':
      return <Comparison zoo={zoo} one={loaded.value[0]} other={loaded.value[1]} />
    default:
      return loaded satisfies never
  }
}

interface Pair {
  readonly one: FoundEntry
  readonly other: FoundEntry
}

function Comparison({ one, other, zoo }: Pair & { readonly zoo: ZooClient }) {
  const [a, b] = [idOf(one.entry), idOf(other.entry)]
  return (
    <article>
      <h1>Two models, side by side</h1>
      <div class="scroll">
        <table class="compare">
          <thead>
            <tr>
              <td />
              <th scope="col">
                <Link to={entryAddress(a)}>{a}</Link>
              </th>
              <th scope="col">
                <Link to={entryAddress(b)}>{b}</Link>
              </th>
            </tr>
          </thead>
          <tbody>
            {factsOf(one).map(([name, value], index) => (
              <FactRow key={name} name={name} one={value} other={factsOf(other)[index]![1]} />
            ))}
          </tbody>
          <tbody>
            <GroupHead>How good: the same metric on the same data</GroupHead>
            {compareAccuracy(one.entry, other.entry).map((row) => (
              <AccuracyRow key={row.key} row={row} />
            ))}
          </tbody>
          <tbody>
            <GroupHead>How fast: the same device, runtime and threads</GroupHead>
            {compareLatency(one.entry, other.entry).map((row) => (
              <LatencyRow key={row.key} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <CopyLine label="The same at the terminal" text={`mnas zoo diff ${a} ${b} --zoo ${zoo.urlOf('.')}`} />
    </article>
  )
}

const factsOf = ({ summary }: FoundEntry): readonly (readonly [string, string])[] => [
  ['Task', summary.task],
  ['Architecture', summary.architectureName],
  ['Input', `${summary.inputSize} px`],
  ['Classes', summary.classes === null ? '–' : String(summary.classes)],
  ['Parameters', formatCount(summary.parameters)],
  ['Multiply-adds', formatCount(summary.multiplyAdds)],
  ['Smallest file', summary.sizeBytes === null ? '–' : formatBytes(summary.sizeBytes)],
  ['Licence', summary.licence],
  ['Published', summary.date],
]

function FactRow({ name, one, other }: { readonly name: string; readonly one: string; readonly other: string }) {
  return (
    <tr class={one === other ? 'same' : ''}>
      <th scope="row">{name}</th>
      <td>{one}</td>
      <td>{other}</td>
    </tr>
  )
}

const GroupHead = ({ children }: { readonly children: ComponentChildren }) => (
  <tr class="group">
    <th scope="rowgroup" colSpan={3}>
      {children}
    </th>
  </tr>
)

function AccuracyRow({ row: { key, one, other } }: { readonly row: Compared<Metric> }) {
  const [metric, name, split, fingerprint, , precision] = JSON.parse(key) as (string | null)[]
  const { claim } = (one ?? other)!
  const show = (side: Metric | null) => side && <data value={String(side.value)}>{side.value.toFixed(4)}</data>
  return (
    <tr>
      <th scope="row">
        {metric} <BasisBadge basis={claim.basis} />
        <span class="quiet">
          {name}, {split}
          {fingerprint && `, data ${fingerprint.slice(0, 8)}…`}
          {precision && `, ${precision}`}
        </span>
      </th>
      <td>{show(one) ?? none}</td>
      <td>
        {show(other) ?? none}
        {one && other && <Change text={signed(other.value - one.value, 4)} />}
      </td>
    </tr>
  )
}

function LatencyRow({ row: { key, one, other } }: { readonly row: Compared<LatencyClaim> }) {
  const claim = (one ?? other)!
  const precision = (JSON.parse(key) as (string | null)[]).at(-1)
  const show = (side: LatencyClaim | null) => side && <data value={String(side.ms.p50)}>{formatMs(side.ms.p50)} ms</data>
  return (
    <tr>
      <th scope="row">
        {claim.device.model} <BasisBadge basis={claim.basis} />
        {claim.device.emulated && <EmulatedBadge />}
        <span class="quiet">
          {claim.runtime.name} {claim.runtime.version}, {claim.accelerator},{' '}
          {claim.threads === 1 ? '1 thread' : `${claim.threads} threads`}
          {precision && `, ${precision}`}
        </span>
      </th>
      <td>{show(one) ?? none}</td>
      <td>
        {show(other) ?? none}
        {one && other && <Change text={`${signed(100 * (other.ms.p50 / one.ms.p50 - 1), 1)} %`} />}
      </td>
    </tr>
  )
}

const none = <span class="quiet">nobody says</span>
const Change = ({ text }: { readonly text: string }) => <span class="quiet">{text}</span>
const signed = (value: number, digits: number) => `${value > 0 ? '+' : value < 0 ? '−' : '±'}${Math.abs(value).toFixed(digits)}`
