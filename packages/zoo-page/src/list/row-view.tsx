import { compareAddress, entryAddress, pickParameter } from '../address.js'
import { BasisBadge, EmulatedBadge } from '../parts/basis.js'
import { Bytes, formatCount, formatMs } from '../parts/quantity.js'
import { Link, useRouter } from '../router.js'
import { deviceOf } from './rows.js'
import { ofOther, type Selected } from './select-rows.js'

interface RowProps {
  readonly selected: Selected
  readonly metric: string
  /** The one to compare with. */
  readonly pick: string | null
}

export function RowView({ selected, metric, pick }: RowProps) {
  const { row, accuracy, latency } = selected
  const of = ofOther(selected)
  const { entry, id } = row
  return (
    <li class={entry.yanked === null ? 'row' : 'row yanked'}>
      <div class="row-name">
        <h3>
          <Link to={entryAddress(id)}>{entry.name}</Link> <span class="release">{entry.release}</span>
        </h3>
        <p>{entry.summary}</p>
        <p class="quiet">
          {entry.architectureName}, {entry.inputSize} px, {entry.task}, {entry.licence}
          {entry.signed && ', signed'}
          {entry.yanked !== null && `, withdrawn: ${entry.yanked}`}
        </p>
      </div>
      <dl>
        {accuracy && (
          <div>
            <dt>{metric}</dt>
            <dd>
              <data value={String(accuracy.value)}>{accuracy.value.toFixed(3)}</data> <BasisBadge basis={accuracy.claim.basis} />
              <span class="quiet">
                {accuracy.claim.dataset}
                {of !== null && `, ${of}, not of the file that was timed`}
              </span>
            </dd>
          </div>
        )}
        {latency && (
          <div>
            <dt>latency</dt>
            <dd>
              <data value={String(latency.ms)}>{formatMs(latency.ms)} ms</data> <BasisBadge basis={latency.basis} />
              {latency.emulated && <EmulatedBadge />}
              <span class="quiet">
                {deviceOf(latency)}, {latency.accelerator}, {latency.threads === 1 ? '1 thread' : `${latency.threads} threads`}
              </span>
            </dd>
          </div>
        )}
        <div>
          <dt>size</dt>
          <dd>
            {entry.sizeBytes === null ? 'no file' : <Bytes value={entry.sizeBytes} />}
            <span class="quiet">{formatCount(entry.parameters)} parameters</span>
          </dd>
        </div>
      </dl>
      <Compare id={id} pick={pick} />
    </li>
  )
}

function Compare({ id, pick }: { readonly id: string; readonly pick: string | null }) {
  const { address } = useRouter()
  if (pick === id) return <span class="quiet">this one</span>
  const picking = new URLSearchParams(address)
  picking.set(pickParameter, id)
  return (
    <Link
      class="action"
      to={pick === null ? `?${picking}` : compareAddress(pick, id)}
      aria-label={`Compare ${id}${pick === null ? '' : ` with ${pick}`}`}
    >
      {pick === null ? 'Compare' : 'with this one'}
    </Link>
  )
}
