import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { storeErrors } from '@mnas/core/errors'
import { networkReason } from './network-reason.js'
import { type Question, RefusedRedirect, send } from './send.js'

/** Which file of which zoo, for errors. */
export interface Place {
  readonly location: string
  readonly key: string
  /** What helps where it is refused. */
  readonly hint: string
}

const attempts = 4
const firstPauseMs = 200
/** Who asks for a longer pause than this is told to the user instead of waited for. */
const longestPauseMs = 60_000
const passing = [429, 500, 502, 503, 504]

/**
 * An answer that has a file, or null where there is none. What passes (too many requests, a server that is being started) is tried again, when the
 * server says, else after growing pauses.
 * @throws MNAS_ZOO_UNREACHABLE, MNAS_ZOO_REFUSED, MNAS_ZOO_HTML
 */
export async function get(question: Question, place: Place): Promise<IncomingMessage | null> {
  for (let attempt = 1; ; attempt++) {
    const answer = await sent(question, place, attempt < attempts)
    const status = answer?.statusCode ?? 0
    if (answer && !passing.includes(status)) return judged(question, answer, place)
    answer?.resume()
    const pause = (answer && askedPauseMs(answer)) ?? firstPauseMs * 2 ** (attempt - 1)
    const { location, key } = place
    if (attempt === attempts) throw storeErrors.MNAS_ZOO_UNREACHABLE({ location, key, reason: `its answer is status ${status}` })
    if (pause > longestPauseMs) {
      const reason = `status ${status}, and it wants to be left alone for ${Math.round(pause / 1000)} s`
      throw storeErrors.MNAS_ZOO_UNREACHABLE({ location, key, reason })
    }
    await delay(pause, undefined, { signal: question.signal })
  }
}

/** Null when it failed and may be tried again. */
async function sent(question: Question, { location, key }: Place, again: boolean): Promise<IncomingMessage | null> {
  try {
    return await send(question)
  } catch (error) {
    question.signal.throwIfAborted()
    if (again && !(error instanceof RefusedRedirect)) return null
    throw storeErrors.MNAS_ZOO_UNREACHABLE({ location, key, reason: networkReason(error) }, error)
  }
}

async function judged(question: Question, answer: IncomingMessage, place: Place): Promise<IncomingMessage | null> {
  const { location, key, hint } = place
  const status = answer.statusCode ?? 0
  if (status === 200 || status === 206) {
    if (!/^text\/html\b/i.test(answer.headers['content-type'] ?? '') || key.endsWith('.html')) return answer
    answer.destroy()
    throw storeErrors.MNAS_ZOO_HTML({ location, key })
  }
  answer.resume()
  if (status === 404 || status === 410) return null
  // It cannot begin there: behind the end, or it has another file now.
  if (status === 416 && question.from > 0) return get({ ...question, from: 0 }, place)
  const reason = `its answer is status ${status}`
  if (status === 401 || status === 403) throw storeErrors.MNAS_ZOO_REFUSED({ location, key, reason, hint })
  throw storeErrors.MNAS_ZOO_UNREACHABLE({ location, key, reason })
}

/** `Retry-After` in ms: seconds, or a time by the server's own clock. */
function askedPauseMs({ headers }: IncomingMessage): number | null {
  const asked = headers['retry-after']
  if (asked === undefined) return null
  if (/^\d+$/.test(asked)) return 1000 * Number(asked)
  const pause = Date.parse(asked) - Date.parse(headers.date ?? '')
  return Number.isFinite(pause) ? Math.max(0, pause) : null
}
