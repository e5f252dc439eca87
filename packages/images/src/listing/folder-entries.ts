import { statSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '@mnas/core/files'
import { imagesErrors } from '../errors.js'
import { isClutter } from './clutter.js'
import { type OtherKinds, otherKind } from './other-kinds.js'

/** The order of paths: by code unit, so that every machine has the same. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Names in a folder, clutter left out. */
export interface FolderEntries {
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

/**
 * @param path relative to folder, `''` = the folder itself
 * @throws MNAS_DATA_FOLDER naming the one that cannot be read
 */
export function readFolder(folder: string, path: string): Promise<FolderEntries> {
  return naming(join(folder, path), async (place) => {
    const entries = (await readdir(place, { withFileTypes: true })).filter(({ name }) => !isClutter(name))
    const isFolder = entries.map((entry) =>
      entry.isSymbolicLink() ? leadsToFolder(join(place, entry.name)) : entry.isDirectory(),
    )
    const names = (wanted: boolean) => entries.filter((_, index) => isFolder[index] === wanted).map(({ name }) => name)
    return { folders: names(true), files: names(false) }
  })
}

/** What a walk leaves out, and what it hears. */
export interface WalkOptions {
  /** Told of files that are no photos by their names; they are left out. */
  readonly others?: OtherKinds | undefined
}

/**
 * Paths of all files below `path`, to any depth, clutter and other kinds left out, links followed. Relative to folder, with `/`, in the order of
 * paths.
 * @param path relative to folder, `''` = the folder itself
 * @throws MNAS_DATA_FOLDER naming the folder that cannot be read
 */
export async function filesBelow(folder: string, path: string, options: WalkOptions = {}): Promise<readonly string[]> {
  const files: string[] = []
  await collect(folder, path, new Set(), files, options)
  return files.sort(byCodeUnit)
}

/** @param seen real paths on the way, so that a link to a folder above ends */
async function collect(
  folder: string,
  path: string,
  seen: ReadonlySet<string>,
  files: string[],
  { others }: WalkOptions,
): Promise<void> {
  const real = await naming(join(folder, path), (place) => realpath(place))
  if (seen.has(real)) return
  const entries = await readFolder(folder, path)
  const below = (name: string) => (path === '' ? name : `${path}/${name}`)
  for (const name of entries.files) {
    const ending = otherKind(name)
    if (ending === undefined) files.push(below(name))
    else others?.add(ending)
  }
  for (const name of entries.folders) await collect(folder, below(name), new Set([...seen, real]), files, { others })
}

/** Synchronous: a folder may hold thousands of links, and a promise costs fifty times as much as the look. */
function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory()
  } catch {
    return false
  }
}

async function naming<T>(folder: string, read: (folder: string) => Promise<T>): Promise<T> {
  try {
    return await read(folder)
  } catch (error) {
    throw imagesErrors.MNAS_DATA_FOLDER({ folder, reason: folderReason(folder, error) }, error)
  }
}

/** Node reads a name that is not UTF-8 with U+FFFD in it, and cannot find it again. */
const unreadableName = '\ufffd'

function folderReason(folder: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return folder.includes(unreadableName) ? 'its name is not UTF-8; rename it' : 'it does not exist'
  return code === 'ENOTDIR' ? 'it is a file, not a folder' : reasonOf(error)
}

/** Why a file that was listed cannot be read. */
export function fileReason(path: string, error: unknown): string {
  const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
  return isGone && path.includes(unreadableName) ? 'its name is not UTF-8; rename it' : reasonOf(error)
}
