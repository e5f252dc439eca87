import { join } from 'node:path'
import { hashBytes } from '@mnas/core/files'

/** What was fetched of zoos, below the setting cacheFolder. Everything in it can be fetched again. */
export const zooCacheFolder = (cacheFolder: string): string => join(cacheFolder, 'zoo')
export const blobsFolder = (cacheFolder: string): string => join(zooCacheFolder(cacheFolder), 'blobs')

/** Named by what they hold, for all zoos. */
export const blobPath = (cacheFolder: string, sha256: string): string =>
  join(blobsFolder(cacheFolder), sha256.slice(0, 2), sha256)

/** What came of a blob so far. */
export const partPath = (cacheFolder: string, sha256: string): string => `${blobPath(cacheFolder, sha256)}.part`

/** One download of a blob at a time: a lock for each first digit, so that there are few of them and they stay. */
export const lockPath = (cacheFolder: string, sha256: string): string =>
  join(zooCacheFolder(cacheFolder), 'locks', `${sha256[0]}.lock`)

/** Who puts right a model of the cache that somebody has changed does so alone. */
export const modelsLockPath = (cacheFolder: string): string => join(zooCacheFolder(cacheFolder), 'locks', 'models.lock')

/** The list of a zoo as it was last seen here; with it searching works offline, and a zoo that goes back is found out. */
export const listPath = (cacheFolder: string, location: string): string =>
  join(zooCacheFolder(cacheFolder), 'lists', `${hashBytes(location).slice(0, 32)}.json.gz`)

/** When this computer first saw files of a zoo that nothing names. */
export const gcMemoryPath = (cacheFolder: string, location: string): string =>
  join(zooCacheFolder(cacheFolder), 'unnamed', `${hashBytes(location).slice(0, 32)}.json`)

/** A signature, by the sha256 of what it is of. */
export const signaturePath = (cacheFolder: string, sha256: string): string =>
  join(zooCacheFolder(cacheFolder), 'signatures', `${sha256}.sig`)
