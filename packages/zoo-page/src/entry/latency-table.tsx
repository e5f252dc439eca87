import type { EntryFile, LatencyClaim } from '@mnas/plugin-zoo'
import { BasisBadge, EmulatedBadge } from '../parts/basis.js'
import { formatMs } from '../parts/quantity.js'
import { fileName, Said, type SaidClaim } from './said.js'

interface LatencyTableProps {
  readonly claims: readonly SaidClaim<LatencyClaim>[]
  readonly files: readonly EntryFile[]
}

export function LatencyTable({ claims, files }: LatencyTableProps) {
  return (
    <section aria-labelledby="latency">
      <h2 id="latency">How fast it is</h2>
      {claims.length === 0 && <p>Nobody says.</p>}
      <ul class="claims">
        {claims.map(({ claim, by }, index) => (
          <li key={index}>
            <p>
              <BasisBadge basis={claim.basis} /> {claim.device.emulated && <EmulatedBadge />} on{' '}
              <strong>{claim.device.model}</strong>
              {claim.device.soc !== null && `, ${claim.device.soc}`}
              {claim.device.os !== null && `, ${claim.device.os}`}
            </p>
            <dl class="numbers">
              <Milliseconds name="median" value={claim.ms.p50} />
              <Milliseconds name="90 % within" value={claim.ms.p90} />
              <Milliseconds name="99 % within" value={claim.ms.p99} />
              <Milliseconds name="least" value={claim.ms.min} />
            </dl>
            <p class="quiet">
              {fileName(files, claim.file)} by {claim.runtime.name} {claim.runtime.version}, {claim.accelerator},{' '}
              {claim.threads === 1 ? '1 thread' : `${claim.threads} threads`}
              {claim.runs !== null && claim.processes !== null && `; ${claim.runs} runs in ${claim.processes} processes`}
              {claim.spread !== null && `, spread ${(100 * claim.spread).toFixed(1)} %`}
              {Object.keys(claim.flags).length > 0 && `; ${JSON.stringify(claim.flags)}`}
            </p>
            <Said claim={claim} by={by} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Milliseconds({ name, value }: { readonly name: string; readonly value: number | null }) {
  if (value === null) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <data value={String(value)}>{formatMs(value)} ms</data>
      </dd>
    </div>
  )
}
