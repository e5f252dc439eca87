import type { AccuracyClaim, EntryFile, LatencyClaim } from '@mnas/plugin-zoo'
import { CopyLine } from '../parts/copy-line.js'
import { SourceLink } from '../parts/source-link.js'

/** A claim, and the key of whoever attests it; null: it is the entry's own. */
export interface SaidClaim<C extends AccuracyClaim | LatencyClaim> {
  readonly claim: C
  readonly by: string | null
}

/** Where a claim comes from: the command that made the number, or who said it. */
export function Said({ claim, by }: SaidClaim<AccuracyClaim | LatencyClaim>) {
  return (
    <>
      {by !== null && (
        <p class="quiet">
          Signed with the key <code title={by}>{by.slice(0, 16) || 'that it does not name'}…</code>; that is not checked here.
        </p>
      )}
      {claim.source !== undefined && (
        <p>
          Source: <SourceLink url={claim.source} />
        </p>
      )}
      {claim.command !== undefined && <CopyLine text={claim.command} />}
      <p class="quiet">
        {claim.date}
        {claim.mnas !== undefined && `, mnas ${claim.mnas}`}
      </p>
    </>
  )
}

/** What a claim is of. */
export function fileName(files: readonly EntryFile[], sha256: string | null): string {
  if (sha256 === null) return 'no file of this entry'
  const file = files.find((one) => one.sha256 === sha256)
  return file ? `${file.path}${file.precision ? ` (${file.precision})` : ''}` : 'a file that is not listed'
}
