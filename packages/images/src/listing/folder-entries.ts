import { statSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { isClutter } from './clutter.js'

/** The order of paths: by code unit, so that every machine has the same. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Names of the folders in `path`, clutter left out. @param path relative to folder, `''` = the folder itself */
export async function foldersIn(folder: string, path: string): Promise<readonly string[]> {
  return (await visible(join(folder, path))).filter((entry) => entry.isFolder).map((entry) => entry.name)
}

/**
 * Paths of all files below `path`, to any depth, clutter left out, links followed. Relative to folder, with `/`, in the order of paths.
 * @param path relative to folder, `''` = the folder itself
 */
export async function filesBelow(folder: string, path: string): Promise<readonly string[]> {
  const files: string[] = []
  await collect(folder, path, new Set(), files)
  return files.sort(byCodeUnit)
}

/** @param seen real paths on the way, so that a link to a folder above ends */
async function collect(folder: string, path: string, seen: ReadonlySet<string>, files: string[]): Promise<void> {
  const real = await realpath(join(folder, path))
  if (seen.has(real)) return
  for (const entry of await visible(join(folder, path))) {
    const child = path === '' ? entry.name : `${path}/${entry.name}`
    if (entry.isFolder) await collect(folder, child, new Set([...seen, real]), files)
    else files.push(child)
  }
}

async function visible(folder: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isClutter(name))
  return entries.map((entry) => ({
    name: entry.name,
    isFolder: entry.isSymbolicLink() ? leadsToFolder(join(folder, entry.name)) : entry.isDirectory(),
  }))
}

/** Synchronous: a folder may hold thousands of links, and a promise costs fifty times as much as the look. */
function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory()
  } catch {
    return false
  }
}
