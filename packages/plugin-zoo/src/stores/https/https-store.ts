import type { ZooStore } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { isEntryPath } from '../../entry/paths.js'
import { get, type Place } from '../http/get.js'
import { piecesOf } from '../http/pieces-of.js'
import { beginningOf, wholeOf } from '../http/read-answer.js'

/**
 * @param url of the zoo's folder
 * @param token for its host
 */
export function httpsStore(url: URL, token: string | null, signal: AbortSignal): ZooStore {
  const location = url.href.replace(/\/$/, '')
  const urlOf = (key: string) => {
    if (!isEntryPath(key)) throw new Error(`"${key}" is no key of a zoo`)
    return new URL(`${location}/${key}`)
  }
  const hint =
    token === null
      ? `Give a token for ${url.host} in MNAS_ZOO_TOKENS or ~/.config/mnas/zoo-tokens.json.`
      : `Check the token for ${url.host}.`
  const placeOf = (key: string): Place => ({ location, key, hint })
  const refuse = async (): Promise<never> => {
    throw storeErrors.MNAS_ZOO_READ_ONLY({ location })
  }
  return {
    location,
    access: 'read',
    async read(key, maxBytes) {
      const place = placeOf(key)
      const answer = await get({ url: urlOf(key), from: 0, token, signal }, place)
      return answer && wholeOf(answer, place, maxBytes)
    },
    async stream(key, from, ends) {
      const place = placeOf(key)
      const answer = await get({ url: urlOf(key), from, token, signal: AbortSignal.any([signal, ends]) }, place)
      if (answer === null) throw storeErrors.MNAS_ZOO_MISSING(place)
      return { from: beginningOf(answer), pieces: piecesOf(answer, place) }
    },
    create: refuse,
    replace: refuse,
    remove: refuse,
    async flush() {},
    list: async () => null,
    async close() {},
  }
}
