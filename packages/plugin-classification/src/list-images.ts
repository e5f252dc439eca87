import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '@mnas/core/files'
import { classificationErrors } from './errors.js'

/** A file found in a class folder; `path` is relative to the data folder, with `/`. */
export interface FoundFile {
  readonly path: string
  readonly label: string
  readonly part: 'training' | 'validation'
}

export interface Listing {
  /** Sorted by code unit, so that every machine has the same order. */
  readonly labels: readonly string[]
  /** Sorted by path. */
  readonly files: readonly FoundFile[]
  /** Whether validation images stand in a folder of their own. */
  readonly hasValidation: boolean
}

const validationFolders = ['val', 'validation']

/**
 * Lists image folders: `CLASS/…` or ImageNet's `train/CLASS/…` with `val/CLASS/…`. Class folders are read to any depth; hidden files and
 * what operating systems leave behind do not count; links are followed.
 * @throws MNAS_DATA_FOLDER, MNAS_DATA_EMPTY, MNAS_DATA_VALIDATION
 */
export async function listImages(folder: string): Promise<Listing> {
  const folders = await foldersIn(folder, '').catch((error: unknown) => {
    throw classificationErrors.MNAS_DATA_FOLDER({ folder, reason: folderReason(error) }, error)
  })
  const training = await classesIn(folder, folders, 'train')
  if (training === undefined) return listing(folder, await filesOf(folder, '', folders, 'training'), folders, false)
  const files = await filesOf(folder, 'train/', training, 'training')
  for (const name of validationFolders) {
    const classes = await classesIn(folder, folders, name)
    if (classes === undefined) continue
    const stranger = classes.find((label) => !training.includes(label))
    if (stranger !== undefined) throw classificationErrors.MNAS_DATA_VALIDATION({ folder, label: stranger })
    return listing(folder, [...files, ...(await filesOf(folder, `${name}/`, classes, 'validation'))], training, true)
  }
  return listing(folder, files, training, false)
}

function listing(folder: string, files: readonly FoundFile[], labels: readonly string[], hasValidation: boolean): Listing {
  if (files.length === 0) {
    const received = labels.length === 0 ? 'no class folders' : `${labels.length} empty class folders`
    throw classificationErrors.MNAS_DATA_EMPTY({ folder, received })
  }
  return { labels: [...labels].sort(byCodeUnit), files: [...files].sort((a, b) => byCodeUnit(a.path, b.path)), hasValidation }
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The class folders below `name`, or undefined when it is absent or a class itself (it holds no folders). */
async function classesIn(folder: string, folders: readonly string[], name: string): Promise<readonly string[] | undefined> {
  if (!folders.includes(name)) return undefined
  const classes = await foldersIn(folder, name)
  return classes.length === 0 ? undefined : classes
}

async function filesOf(
  folder: string,
  prefix: string,
  labels: readonly string[],
  part: FoundFile['part'],
): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = []
  for (const label of labels) {
    for await (const path of walk(folder, `${prefix}${label}`, new Set())) files.push({ path, label, part })
  }
  return files
}

async function foldersIn(folder: string, path: string): Promise<readonly string[]> {
  return (await visible(join(folder, path))).filter((entry) => entry.isFolder).map((entry) => entry.name)
}

/** @param seen real paths on the way, so that a link to a folder above ends */
async function* walk(folder: string, path: string, seen: ReadonlySet<string>): AsyncGenerator<string> {
  const real = await realpath(join(folder, path))
  if (seen.has(real)) return
  for (const entry of await visible(join(folder, path))) {
    const child = `${path}/${entry.name}`
    if (entry.isFolder) yield* walk(folder, child, new Set([...seen, real]))
    else yield child
  }
}

async function visible(folder: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isClutter(name))
  const kinds = entries.map(async (entry) => {
    if (!entry.isSymbolicLink()) return { name: entry.name, isFolder: entry.isDirectory() }
    const target = await stat(join(folder, entry.name)).catch(() => undefined)
    return { name: entry.name, isFolder: target?.isDirectory() ?? false }
  })
  return Promise.all(kinds)
}

const isClutter = (name: string) => name.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini'].includes(name)

function folderReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'it does not exist'
  return code === 'ENOTDIR' ? 'it is a file, not a folder' : reasonOf(error)
}
