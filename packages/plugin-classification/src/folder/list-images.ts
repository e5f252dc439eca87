import { statSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '@mnas/core/files'
import { classificationErrors } from '../errors.js'
import { PathPacker, type PathTable } from '../path-table.js'

/** Files of class folders in the order of their paths, by code unit, so that every machine has the same. In shared memory; plain data. */
export interface FoundFiles {
  /** Relative to the data folder, with `/`. */
  readonly paths: PathTable
  /** Label index of each file. */
  readonly labelOf: Uint32Array
  /** How many of them are for training: the first ones (`train/…` comes before `val/…`). */
  readonly training: number
}

export interface Listing {
  /** Sorted by code unit. */
  readonly labels: readonly string[]
  readonly files: FoundFiles
  /** Whether validation images stand in a folder of their own. */
  readonly hasValidation: boolean
}

const validationFolders = ['val', 'validation']

/**
 * Lists image folders: `CLASS/…` or ImageNet's `train/CLASS/…` with `val/CLASS/…`. Class folders are read to any depth; hidden files and
 * what operating systems leave behind do not count; links are followed.
 * @throws MNAS_DATA_FOLDER, MNAS_DATA_EMPTY, MNAS_DATA_VALIDATION
 */
export async function listImages(folder: string, signal?: AbortSignal): Promise<Listing> {
  const folders = await foldersIn(folder, '').catch((error: unknown) => {
    throw classificationErrors.MNAS_DATA_FOLDER({ folder, reason: folderReason(error) }, error)
  })
  const classes = await classesIn(folder, folders, 'train')
  const labels = [...(classes ?? folders)].sort(byCodeUnit)
  const collector = new FileCollector(folder, labels, signal)
  await collector.add(classes ? 'train/' : '', labels)
  const training = collector.length
  const validation = classes && (await validationIn(folder, folders))
  if (validation) {
    const stranger = validation.classes.find((label) => !labels.includes(label))
    if (stranger !== undefined) throw classificationErrors.MNAS_DATA_VALIDATION({ folder, label: stranger })
    await collector.add(`${validation.name}/`, validation.classes)
  }
  if (collector.length === 0) {
    const received = labels.length === 0 ? 'no class folders' : `${labels.length} empty class folders`
    throw classificationErrors.MNAS_DATA_EMPTY({ folder, received })
  }
  return { labels, files: { ...collector.collected(), training }, hasValidation: validation !== undefined }
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

async function validationIn(folder: string, folders: readonly string[]) {
  for (const name of validationFolders) {
    const classes = await classesIn(folder, folders, name)
    if (classes) return { name, classes: [...classes].sort(byCodeUnit) }
  }
  return undefined
}

/** The class folders below `name`, or undefined when it is absent or a class itself (it holds no folders). */
async function classesIn(folder: string, folders: readonly string[], name: string): Promise<readonly string[] | undefined> {
  if (!folders.includes(name)) return undefined
  const classes = await foldersIn(folder, name)
  return classes.length === 0 ? undefined : classes
}

/** Files class by class, so that only one class's paths are strings at a time. */
class FileCollector {
  readonly #folder: string
  readonly #labelIndex: ReadonlyMap<string, number>
  readonly #signal: AbortSignal | undefined
  readonly #paths = new PathPacker()
  readonly #labelOf: { readonly label: number; readonly files: number }[] = []

  constructor(folder: string, labels: readonly string[], signal: AbortSignal | undefined) {
    this.#folder = folder
    this.#labelIndex = new Map(labels.map((label, index) => [label, index]))
    this.#signal = signal
  }

  get length(): number {
    return this.#paths.length
  }

  /** In the order of the whole paths, where `cat-2/` comes before `cat/`. */
  async add(prefix: string, labels: readonly string[]): Promise<void> {
    for (const path of labels.map((label) => `${label}/`).sort(byCodeUnit)) {
      this.#signal?.throwIfAborted()
      const label = path.slice(0, -1)
      const files: string[] = []
      await collect(this.#folder, `${prefix}${label}`, new Set(), files)
      for (const file of files.sort(byCodeUnit)) this.#paths.add(file)
      this.#labelOf.push({ label: this.#labelIndex.get(label)!, files: files.length })
    }
  }

  collected(): Pick<FoundFiles, 'paths' | 'labelOf'> {
    const labelOf = new Uint32Array(new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT * this.length))
    let next = 0
    for (const { label, files } of this.#labelOf) {
      labelOf.fill(label, next, next + files)
      next += files
    }
    return { paths: this.#paths.pack(), labelOf }
  }
}

async function foldersIn(folder: string, path: string): Promise<readonly string[]> {
  return (await visible(join(folder, path))).filter((entry) => entry.isFolder).map((entry) => entry.name)
}

/** @param seen real paths on the way, so that a link to a folder above ends */
async function collect(folder: string, path: string, seen: ReadonlySet<string>, files: string[]): Promise<void> {
  const real = await realpath(join(folder, path))
  if (seen.has(real)) return
  for (const entry of await visible(join(folder, path))) {
    const child = `${path}/${entry.name}`
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

const isClutter = (name: string) => name.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini'].includes(name)

function folderReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'it does not exist'
  return code === 'ENOTDIR' ? 'it is a file, not a folder' : reasonOf(error)
}
