import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { createRequire } from 'node:module'

/** A file that is asked for. */
export interface Question {
  readonly url: URL
  /** First byte; 0: the whole. */
  readonly from: number
  /** For the host of `url` and nobody else. */
  readonly token: string | null
  readonly signal: AbortSignal
}

/** How long a server may say nothing, in ms: before it answers, and between two pieces. */
const silenceMs = 60_000
const mostRedirects = 5

const { version } = createRequire(import.meta.url)('../../../package.json') as { readonly version: string }
export const userAgent = `mnas/${version}`

/** A redirect that is not followed. */
export class RefusedRedirect extends Error {}

/**
 * Asks once, and follows redirects. A token goes to the host that it is for: not to another one that this host names, and not when that one leads back.
 * Node's own agent is used, and so its switch for proxies (NODE_USE_ENV_PROXY). The body is as the server stores it: nothing is unpacked.
 * @throws RefusedRedirect, and what Node throws
 */
export async function send({ url, from, token, signal }: Question): Promise<IncomingMessage> {
  let [at, bearer] = [url, token]
  for (let redirects = 0; ; redirects++) {
    const answer = await ask(at, from, bearer, signal)
    const { statusCode = 0, headers } = answer
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return answer
    answer.resume()
    if (redirects === mostRedirects) throw new RefusedRedirect(`it redirects more than ${mostRedirects} times`)
    const next = new URL(headers.location, at)
    if (!isWeb(next) || (at.protocol === 'https:' && next.protocol === 'http:'))
      throw new RefusedRedirect(`it redirects to ${next.protocol}//${next.host}, which is not safe`)
    if (next.host !== at.host) bearer = null
    at = next
  }
}

const isWeb = ({ protocol }: URL) => protocol === 'https:' || protocol === 'http:'

function ask(url: URL, from: number, token: string | null, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = {
    'user-agent': userAgent,
    'accept-encoding': 'identity',
    ...(from > 0 && { range: `bytes=${from}-` }),
    ...(token !== null && { authorization: `Bearer ${token}` }),
  }
  const request = url.protocol === 'https:' ? secureRequest : plainRequest
  return new Promise((resolve, reject) => {
    // Of its own: many requests may hang on one signal.
    const sent = request(url, { headers, signal: AbortSignal.any([signal]), timeout: silenceMs }, resolve)
    sent.on('timeout', () => sent.destroy(new Error(`it said nothing for ${silenceMs / 1000} s`)))
    sent.on('error', reject)
    sent.end()
  })
}
