import { join } from 'node:path'
import type { DataPlace } from '../contracts/index.js'
import { jsonText, readJson, writeAtomic } from '../files/index.js'
import { bundleErrors } from './errors.js'

/** What belongs to this computer beside a bundle, and is never published: checkpoints, and where the images of the training lie. */
export const bundleLocalFolder = (folder: string): string => join(folder, 'local')
const dataFile = (folder: string) => join(bundleLocalFolder(folder), 'data.json')

/** Where the images lie that a bundle was trained on, or null when nobody knows (any more). @throws MNAS_BUNDLE_CORRUPT */
export async function readDataPlace(bundleFolder: string): Promise<DataPlace | null> {
  const path = dataFile(bundleFolder)
  const corrupt = (received: unknown, cause?: unknown) =>
    bundleErrors.MNAS_BUNDLE_CORRUPT({ path, field: 'folder', expected: 'the path of a folder of images', received }, cause)
  const json = await readJson(path, ({ reason, cause }) => corrupt(reason, cause))
  if (json === null) return null
  const { folder, classFolders } = json as { readonly folder?: unknown; readonly classFolders?: unknown }
  if (typeof folder !== 'string') throw corrupt(folder)
  return classFolders === 'leaf' || classFolders === 'top' ? { folder, classFolders } : { folder }
}

/** Images may move: the same ones (the job's fingerprint says so) in another folder. @throws MNAS_FILE_WRITE */
export async function recordDataPlace(bundleFolder: string, { folder, classFolders }: DataPlace): Promise<void> {
  const place: DataPlace = { folder, ...(classFolders && { classFolders }) }
  await writeAtomic(dataFile(bundleFolder), jsonText(place))
}
