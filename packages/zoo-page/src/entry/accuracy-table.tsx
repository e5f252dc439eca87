import type { AccuracyClaim, EntryFile } from '@mnas/plugin-zoo'
import { BasisBadge } from '../parts/basis.js'
import { fileName, Said, type SaidClaim } from './said.js'

interface AccuracyTableProps {
  readonly claims: readonly SaidClaim<AccuracyClaim>[]
  readonly files: readonly EntryFile[]
}

export function AccuracyTable({ claims, files }: AccuracyTableProps) {
  return (
    <section aria-labelledby="accuracy">
      <h2 id="accuracy">How good it is</h2>
      {claims.length === 0 && <p>Nobody says.</p>}
      <ul class="claims">
        {claims.map(({ claim, by }, index) => (
          <Claim key={index} claim={claim} by={by} files={files} />
        ))}
      </ul>
    </section>
  )
}

/** Of one class, or of objects of one size. */
const isOfPart = ([metric]: readonly [string, number]) => metric.includes('.')

function Claim({ claim, by, files }: SaidClaim<AccuracyClaim> & { readonly files: readonly EntryFile[] }) {
  const metrics = Object.entries(claim.metrics)
  const [ofWhole, ofParts] = [metrics.filter((one) => !isOfPart(one)), metrics.filter(isOfPart)]
  return (
    <li>
      <p>
        <BasisBadge basis={claim.basis} /> on <strong>{claim.dataset.name}</strong>, {claim.dataset.split}, {claim.dataset.images}{' '}
        images
      </p>
      <dl class="numbers">
        <Metrics metrics={ofWhole} />
        {claim.interval95 && (
          <div>
            <dt>95 % between</dt>
            <dd>{claim.interval95.map(formatMetric).join(' and ')}</dd>
          </div>
        )}
        {claim.right !== null && (
          <div>
            <dt>right answers</dt>
            <dd>{claim.right}</dd>
          </div>
        )}
      </dl>
      {ofParts.length > 0 && (
        <details>
          <summary>By parts: {ofParts.length}</summary>
          <dl class="numbers">
            <Metrics metrics={ofParts} />
          </dl>
        </details>
      )}
      <p class="quiet">
        of {fileName(files, claim.file)}, by {claim.engine}, pixels read: {claim.decoder}
        {claim.seeds.length > 1 && `; seeds ${claim.seeds.map(({ seed, metrics }) => `${seed}: ${firstOf(metrics)}`).join(', ')}`}
        {claim.dataset.fingerprint !== null && `; data ${claim.dataset.fingerprint.slice(0, 12)}…`}
      </p>
      <Said claim={claim} by={by} />
    </li>
  )
}

function Metrics({ metrics }: { readonly metrics: readonly (readonly [string, number])[] }) {
  return (
    <>
      {metrics.map(([metric, value]) => (
        <div key={metric}>
          <dt>{metric}</dt>
          <dd>
            <data value={String(value)}>{formatMetric(value)}</data>
          </dd>
        </div>
      ))}
    </>
  )
}

const firstOf = (metrics: Readonly<Record<string, number>>) => formatMetric(Object.values(metrics)[0] ?? Number.NaN)
const formatMetric = (value: number) => (Number.isInteger(value) && Math.abs(value) > 1 ? String(value) : value.toFixed(4))
