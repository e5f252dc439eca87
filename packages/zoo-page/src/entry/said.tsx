import type { AccuracyClaim, EntryFile, LatencyClaim } from '@mnas/plugin-zoo'
import { CopyLine } from '../parts/copy-line.js'
import { SourceLink } from '../parts/source-link.js'

/** Where a claim comes from: the command that made the number, or who said it. */
export function Said({ claim }: { readonly claim: AccuracyClaim | LatencyClaim }) {
  return (
    <>
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
