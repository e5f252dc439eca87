import { pageErrors } from '@mnas/plugin-zoo'
import { fetchBytes } from './fetch-bytes.js'
import { sha256 } from './sha256.js'

export interface WantedFile {
  readonly url: string
  readonly sha256: string
  readonly sizeBytes: number
}

export interface FetchedFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Its hash was compared; false where the browser cannot. */
  readonly checked: boolean
}

/** A file that is known by its hash. @throws MNAS_PAGE_FETCH, also when it holds other bytes */
export async function fetchFile(file: WantedFile): Promise<FetchedFile> {
  const { url, sizeBytes } = file
  const bytes = await fetchBytes(url, sizeBytes)
  if (bytes === null) throw pageErrors.MNAS_PAGE_FETCH({ url, reason: 'there is no such file' })
  if (bytes.length !== sizeBytes)
    throw pageErrors.MNAS_PAGE_FETCH({ url, reason: `it has ${bytes.length} bytes instead of ${sizeBytes}` })
  const received = await sha256(bytes)
  if (received !== null && received !== file.sha256)
    throw pageErrors.MNAS_PAGE_FETCH({ url, reason: `its sha256 is ${received} instead of ${file.sha256}` })
  return { bytes, checked: received !== null }
}
