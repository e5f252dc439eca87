import type { IncomingMessage } from 'node:http'
import type { StoredFile } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { parseJson } from '@mnas/core/files'
import { get, type Place } from '../http/get.js'
import { wholeOf } from '../http/read-answer.js'
import { mayHaveToken } from '../http/tokens.js'
import { type HubAccess, locationOf } from './hub-access.js'

export const branch = 'main'
const largestAnswer = 2 ** 20

/** The commit that a revision stands for now, 40 hexadecimal digits; null when there is no such repository. */
export async function headCommit(access: HubAccess): Promise<string | null> {
  const { repo, revision, hubUrl } = access
  const place = placeOf(access, `the state ${revision ?? branch}`)
  const url = new URL(`${hubUrl}/api/models/${repo}/revision/${encodeURIComponent(revision ?? branch)}`)
  const answer = await get({ url, from: 0, token: access.token, signal: access.signal }, place)
  if (answer === null) return null
  const { bytes } = await wholeOf(answer, place, largestAnswer)
  const sha = commitIn(bytes)
  if (sha !== null) return sha
  const { location, key } = place
  throw storeErrors.MNAS_ZOO_UNREACHABLE({ location, key, reason: 'its answer names no commit: is HF_ENDPOINT a hub?' })
}

function commitIn(bytes: Uint8Array): string | null {
  try {
    const { sha } = parseJson(new TextDecoder().decode(bytes)) as { readonly sha?: unknown }
    return typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha) ? sha : null
  } catch {
    return null
  }
}

/** A file as it was at a commit, from a byte on; null when there is none. The token stays with the hub: large files lie elsewhere. */
export function fileAt(access: HubAccess, commit: string, path: string, from = 0, signal = access.signal) {
  const { repo, hubUrl, token } = access
  const url = new URL(`${hubUrl}/${repo}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`)
  return get({ url, from, token, signal }, placeOf(access, path)) as Promise<IncomingMessage | null>
}

/** A small file whole; null when there is none. */
export async function wholeFileAt(access: HubAccess, commit: string, path: string, maxBytes: number): Promise<StoredFile | null> {
  const answer = await fileAt(access, commit, path)
  return answer && wholeOf(answer, placeOf(access, path), maxBytes)
}

export function placeOf(access: HubAccess, key: string): Place {
  return { location: locationOf(access), key, hint: `${hintOf(access)} a repository that does not exist is refused too.` }
}

function hintOf({ hubUrl, token }: HubAccess): string {
  if (token !== null) return 'Check HF_TOKEN, and the name:'
  return mayHaveToken(new URL(hubUrl)) ? 'Give a token in HF_TOKEN;' : 'HF_TOKEN goes to a hub by https alone (HF_ENDPOINT);'
}
