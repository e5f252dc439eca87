import type { IncomingMessage } from 'node:http'
import type { StoredFile } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hashBytes } from '@mnas/core/files'
import type { Place } from './get.js'
import { piecesOf } from './pieces-of.js'

/** A body whole. @throws MNAS_ZOO_TOO_LARGE before more than `maxBytes` were held, MNAS_ZOO_HTML, MNAS_ZOO_UNREACHABLE */
export async function wholeOf(answer: IncomingMessage, place: Place, maxBytes: number): Promise<StoredFile> {
  const { location, key } = place
  const tooLarge = (received: string) => {
    answer.destroy()
    return storeErrors.MNAS_ZOO_TOO_LARGE({ location, key, limit: maxBytes, received })
  }
  const promised = Number(answer.headers['content-length'])
  if (promised > maxBytes) throw tooLarge(`${promised}`)
  const parts: Uint8Array[] = []
  let length = 0
  for await (const piece of piecesOf(answer, place)) {
    length += piece.length
    if (length > maxBytes) throw tooLarge(`more than ${maxBytes}`)
    parts.push(piece)
  }
  const bytes = new Uint8Array(Buffer.concat(parts))
  if (looksLikeHtml(bytes) && /\.(?:json|gz|sig)$/.test(key)) throw storeErrors.MNAS_ZOO_HTML({ location, key })
  return { bytes, tag: hashBytes(bytes) }
}

const looksLikeHtml = (bytes: Uint8Array): boolean =>
  /^\s*<(?:!doctype html|html|head|body)\b/i.test(new TextDecoder('latin1').decode(bytes.subarray(0, 200)))

/** Where the body of an answer begins in the file: what a server says that does not send the whole. */
export function beginningOf({ statusCode, headers }: IncomingMessage): number {
  if (statusCode !== 206) return 0
  return Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? 0)
}
