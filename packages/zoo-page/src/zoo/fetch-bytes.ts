import { pageErrors } from '@mnas/plugin-zoo'

/**
 * A file of the zoo, whole.
 * @param maxBytes more is not read
 * @returns null when there is none
 * @throws MNAS_PAGE_FETCH
 */
export async function fetchBytes(url: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await fetch(url).catch((error: unknown) => {
    throw pageErrors.MNAS_PAGE_FETCH({ url, reason: 'the server does not answer' }, error)
  })
  if (response.status === 404) return null
  if (!response.ok || !response.body) throw pageErrors.MNAS_PAGE_FETCH({ url, reason: `the server answers ${response.status}` })
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const reader = response.body.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    pieces.push(next.value)
    if (length <= maxBytes) continue
    await reader.cancel()
    throw pageErrors.MNAS_PAGE_FETCH({ url, reason: `it is longer than ${maxBytes} bytes` })
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
