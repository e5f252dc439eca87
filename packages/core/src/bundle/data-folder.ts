import { join } from 'node:path'
import { jsonText, readJson, writeAtomic } from '../files/index.js'
import { bundleErrors } from './errors.js'

/** What belongs to this computer beside a bundle, and is never published: checkpoints, and where the images of the training lie. */
export const bundleLocalFolder = (folder: string): string => join(folder, 'local')
const dataFile = (folder: string) => join(bundleLocalFolder(folder), 'data.json')

/** The folder of images that a bundle was trained on, or null when nobody knows (any more). @throws MNAS_BUNDLE_CORRUPT */
export async function readDataFolder(folder: string): Promise<string | null> {
  const path = dataFile(folder)
  const corrupt = (received: unknown, cause?: unknown) =>
    bundleErrors.MNAS_BUNDLE_CORRUPT({ path, field: 'folder', expected: 'the path of a folder of images', received }, cause)
  const json = await readJson(path, ({ reason, cause }) => corrupt(reason, cause))
  if (json === null) return null
  const { folder: recorded } = json as { readonly folder?: unknown }
  if (typeof recorded !== 'string') throw corrupt(recorded)
  return recorded
}

/** Images may move: the same ones (the job's fingerprint says so) in another folder. @throws MNAS_FILE_WRITE */
export async function recordDataFolder(folder: string, images: string): Promise<void> {
  await writeAtomic(dataFile(folder), jsonText({ folder: images }))
}
