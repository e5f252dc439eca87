import type { IncomingMessage } from 'node:http'
import { storeErrors } from '@mnas/core/errors'
import type { Place } from './get.js'
import { networkReason } from './network-reason.js'

/** How much may wait here for a slow disk before the server has to. */
const mostWaiting = 2 ** 20

/**
 * A body in pieces. What came before a cut is given before its error: Node's own way of reading drops what was not yet asked for, and with it
 * what would not have to be asked for again.
 * @throws MNAS_ZOO_UNREACHABLE when it is cut
 */
export async function* piecesOf(answer: IncomingMessage, { location, key }: Place): AsyncIterable<Uint8Array> {
  const waiting: Uint8Array[] = []
  let [bytes, ended] = [0, false]
  let failure: unknown
  let wake = () => {}
  answer.on('data', (piece: Uint8Array) => {
    waiting.push(piece)
    bytes += piece.length
    if (bytes > mostWaiting) answer.pause()
    wake()
  })
  answer.on('error', (error) => {
    failure ??= error
  })
  answer.on('close', () => {
    ended = true
    wake()
  })
  try {
    for (;;) {
      const piece = waiting.shift()
      if (piece) {
        bytes -= piece.length
        if (bytes <= mostWaiting) answer.resume()
        yield piece
      } else if (!ended)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      else if (answer.complete) return
      else throw storeErrors.MNAS_ZOO_UNREACHABLE({ location, key, reason: networkReason(failure ?? cut) }, failure)
    }
  } finally {
    answer.destroy()
  }
}

const cut = new Error('the connection was cut')
