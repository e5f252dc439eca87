import { hashBytes } from '@mnas/core/files'

/**
 * Where things lie in a zoo; the same in a folder, on a web server, in a bucket. zoo.json and shards are stored gzipped: plain web servers do not
 * compress. Everything but zoo.json.gz is created once.
 */
export const zooKey = 'zoo.json.gz'
/**
 * Of one list, by the sha256 of zoo.json.gz: it is there before the list is, and no moment shows a list beside another's signature.
 * @param sha256 of the bytes as stored
 */
export const listSignatureKey = (sha256: string): string => `index/zoo-${sha256.slice(0, 16)}.sig`

/** Entries are found by the first two digits of sha256(name). */
export const shardOf = (name: string): string => hashBytes(name).slice(0, 2)
/** @param sha256 of its bytes as stored */
export const shardKey = (shard: string, sha256: string): string => `index/${shard}-${sha256.slice(0, 16)}.json.gz`

const entryFolder = (name: string, release: string): string => `entries/${name}/${release}`
export const entryKey = (name: string, release: string): string => `${entryFolder(name, release)}/entry.json`
export const signatureKey = (name: string, release: string): string => `${entryFolder(name, release)}/model.sig`
export const cardKey = (name: string, release: string): string => `${entryFolder(name, release)}/README.md`
/** Claims of others about it, one file each. */
export const attestationsPrefix = (name: string, release: string): string => `${entryFolder(name, release)}/attestations/`
export const attestationKey = (name: string, release: string, sha256: string): string =>
  `${attestationsPrefix(name, release)}${sha256}.json`

export const blobKey = (sha256: string): string => `blobs/${sha256.slice(0, 2)}/${sha256}`
