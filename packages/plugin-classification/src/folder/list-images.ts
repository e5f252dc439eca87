import { reasonOf } from '@mnas/core/files'
import { imagesErrors } from '@mnas/images'
import { byCodeUnit, filesBelow, foldersIn, PathPacker, type PathTable } from '@mnas/images/listing'
import { classificationErrors } from '../errors.js'

/** Files of class folders in the order of their paths, by code unit, so that every machine has the same. In shared memory; plain data. */
export interface LabelledFiles {
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
  readonly files: LabelledFiles
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
    throw imagesErrors.MNAS_DATA_FOLDER({ folder, reason: folderReason(error) }, error)
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
      const files = await filesBelow(this.#folder, `${prefix}${label}`)
      for (const file of files) this.#paths.add(file)
      this.#labelOf.push({ label: this.#labelIndex.get(label)!, files: files.length })
    }
  }

  collected(): Pick<LabelledFiles, 'paths' | 'labelOf'> {
    const labelOf = new Uint32Array(new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT * this.length))
    let next = 0
    for (const { label, files } of this.#labelOf) {
      labelOf.fill(label, next, next + files)
      next += files
    }
    return { paths: this.#paths.pack(), labelOf }
  }
}

function folderReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'it does not exist'
  return code === 'ENOTDIR' ? 'it is a file, not a folder' : reasonOf(error)
}

/** The files at some indices. @param paths theirs */
export function selectLabelled({ labelOf, training }: LabelledFiles, paths: PathTable, indices: Uint32Array): LabelledFiles {
  const selected = new Uint32Array(new SharedArrayBuffer(indices.byteLength))
  for (const [place, index] of indices.entries()) selected[place] = labelOf[index]!
  const validation = indices.findIndex((index) => index >= training)
  return { paths, labelOf: selected, training: validation < 0 ? indices.length : validation }
}
