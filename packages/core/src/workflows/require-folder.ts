import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { liesWithin, reasonOf } from '../files/index.js'

/**
 * Files can be written into a folder. Makes nothing yet.
 * @param images folders of images among which they must not lie
 * @param refused the error to throw, and why
 */
export async function requireFolder(
  folder: string,
  images: readonly string[],
  refused: (reason: string, cause?: unknown) => Error,
): Promise<void> {
  for (const place of images) if (await liesWithin(folder, place)) throw refused(`it lies among the images of "${place}"`)
  try {
    await access(await existingFolder(resolve(folder)), constants.W_OK)
  } catch (error) {
    throw refused(reasonOf(error), error)
  }
}

/** The folder itself, or the one in which it would be made. */
async function existingFolder(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return null
  })
  if (found === null) return existingFolder(dirname(path))
  if (!found.isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
  return path
}
