import { storeErrors } from '@mnas/core/errors'
import type { BlobSource } from '../../cache/fetch-blob.js'
import { piecesOf } from '../http/pieces-of.js'
import { beginningOf } from '../http/read-answer.js'
import { type HubAccess, locationOf } from './hub-access.js'
import { fileAt, placeOf } from './hub-repo.js'

/** Files of a repository as it was at a commit, by their paths. */
export function hubFileSource(access: HubAccess, commit: string): BlobSource {
  const location = locationOf(access)
  return {
    location,
    async stream(path, from, signal) {
      const answer = await fileAt(access, commit, path, from, AbortSignal.any([access.signal, signal]))
      if (answer === null) throw storeErrors.MNAS_ZOO_MISSING({ location, key: path })
      return { from: beginningOf(answer), pieces: piecesOf(answer, placeOf(access, path)) }
    },
  }
}
