import { imagesErrors } from '@mnas/images'
import {
  findLabelList,
  type LabelledFiles,
  LabelledFilesPacker,
  type Layout,
  type Part,
  type PartFolder,
  parts,
  recogniseLayout,
  sharedSubfolders,
} from '@mnas/images/layouts'
import { byCodeUnit, filesBelow, OtherKinds, readFolder } from '@mnas/images/listing'
import { classificationErrors } from '../errors.js'

/** Which folders are classes where they are nested: the first ones, or those that hold the images. */
export type ClassFolders = 'top' | 'leaf'

export interface ListOptions {
  /** Default: top, and folders that look like parts of a set are refused. */
  readonly classFolders?: ClassFolders | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Listing {
  /** In NFC, sorted by code unit. */
  readonly labels: readonly string[]
  readonly files: LabelledFiles
  /** Where the images of each part were found, e.g. `val/`; of none that has no folder of its own. */
  readonly places: Readonly<Partial<Record<Part, string>>>
  /** The folder that holds everything, when it is alone and holds folders, as an unpacked archive is; else `''`. */
  readonly wrapper: string
  /** The classes of some images stand in a list, and not in their paths. */
  readonly fromLists: boolean
  /** What a person should know of how the folders were read. */
  readonly warnings: readonly string[]
}

/**
 * Lists image folders: `CLASS/…`, or parts of them (`train/CLASS/…` with `val/CLASS/…` and perhaps `test/CLASS/…`, however spelled). Class
 * folders are read to any depth; clutter and files that are no photos by their names do not count; links are followed.
 * @throws MNAS_DATA_FOLDER, MNAS_DATA_LAYOUT, MNAS_DATA_NAMES, MNAS_DATA_EMPTY, MNAS_DATA_VALIDATION, MNAS_DATA_UNLABELLED
 */
export async function listImages(folder: string, options: ListOptions = {}): Promise<Listing> {
  const layout = await recogniseLayout(folder)
  return new ClassLister(folder, layout, options).list()
}

class ClassLister {
  readonly #folder: string
  readonly #layout: Layout
  readonly #options: ListOptions
  readonly #others = new OtherKinds()
  readonly #packer = new LabelledFilesPacker()
  readonly #warnings: string[] = []
  #wrapper = ''
  #fromLists = false

  constructor(folder: string, layout: Layout, options: ListOptions) {
    this.#folder = folder
    this.#layout = layout
    this.#options = options
  }

  async list(): Promise<Listing> {
    const { parts: found, passedOver } = this.#layout
    const places = parts.flatMap((part) => (found[part] ? [{ part, ...found[part] }] : []))
    const labels = await this.#labels(places)
    const used: (typeof places)[number][] = []
    // In the order of whole paths.
    for (const place of places.toSorted((a, b) => byCodeUnit(`${a.path}/`, `${b.path}/`))) {
      const added = place.flat ? await this.#addFlat(place, labels) : await this.#addClasses(place)
      if (added) used.push(place)
    }
    if (this.#packer.length === 0) {
      const received = labels.length === 0 ? 'no class folders' : `${labels.length} empty class folders`
      throw classificationErrors.MNAS_DATA_EMPTY({ folder: this.#folder, received })
    }
    const all = this.#options.classFolders === 'leaf' ? this.#leafLabels() : labels
    this.#requireKnown(used, all)
    if (passedOver.length > 0) this.#warnings.push(`not looked at beside ${folderNames(used)}: ${listed(passedOver, '/')}`)
    const others = this.#others.describe()
    if (others !== undefined) this.#warnings.push(others)
    return {
      labels: all,
      files: this.#packer.pack(all),
      places: Object.fromEntries(used.filter(({ path }) => path !== '').map(({ part, path }) => [part, `${path}/`])),
      wrapper: this.#wrapper,
      fromLists: this.#fromLists,
      warnings: this.#warnings,
    }
  }

  /** Names of the class folders: the training part's, or all there are. */
  async #labels(places: readonly (PartFolder & { readonly part: Part })[]): Promise<readonly string[]> {
    const grouped = places.filter(({ flat }) => !flat)
    const own = grouped.filter(({ part }) => part === 'training')
    const names = new Set<string>()
    for (const { path } of own.length > 0 ? own : grouped) {
      const { folders } = await readFolder(this.#folder, path)
      requireDistinct(this.#folder, path, folders)
      for (const name of folders) names.add(name.normalize('NFC'))
    }
    return [...names].sort(byCodeUnit)
  }

  /** Folders that hold images, of whatever part: what strangers there are is found later. */
  #leafLabels(): readonly string[] {
    const own = this.#packer.labelsOf('training')
    const labels = own.size > 0 ? own : new Set(parts.flatMap((part) => [...this.#packer.labelsOf(part)]))
    return [...labels].sort(byCodeUnit)
  }

  async #addClasses({ part, path }: PartFolder & { readonly part: Part }): Promise<true> {
    const { classFolders = 'top', signal } = this.#options
    const { folders } = await readFolder(this.#folder, path)
    requireDistinct(this.#folder, path, folders)
    const nested = new Map<string, readonly string[]>()
    // `cat-2/` comes before `cat/`.
    for (const entry of folders.map((name) => `${name}/`).sort(byCodeUnit)) {
      signal?.throwIfAborted()
      const name = entry.slice(0, -1)
      const start = path === '' ? entry : `${path}/${entry}`
      const files = await filesBelow(this.#folder, start.slice(0, -1), { others: this.#others })
      const label = name.normalize('NFC')
      for (const file of files) this.#packer.add(file, classFolders === 'top' ? label : leafOf(file), part)
      nested.set(name, subfoldersOf(files, start))
    }
    this.#judgeNested(path, nested)
    return true
  }

  /** Says what became of folders in folders, and refuses what looks like parts that nobody named. */
  #judgeNested(path: string, nested: ReadonlyMap<string, readonly string[]>): void {
    if (this.#options.classFolders !== undefined) return
    const shared = sharedSubfolders([...nested.values()])
    if (shared) {
      const groups = listed([...nested.keys()], '/')
      throw imagesErrors.MNAS_DATA_LAYOUT({
        folder: this.#folder,
        problem: `each of ${groups} holds the same folders (${listed(shared, '/')}), as parts of one set do and classes do not`,
        remedy: `Say --class-folders leaf when ${listed(shared, '/')} are the classes, or --class-folders top when ${groups} are`,
      })
    }
    const [example] = [...nested].filter(([, names]) => names.length > 0)
    if (!example) return
    const [name, below] = example
    if (nested.size === 1) this.#wrapper = path === '' ? name : `${path}/${name}`
    this.#warnings.push(
      `class folders hold folders (${path === '' ? '' : `${path}/`}${name}/: ${listed(below, '/')}): what is in them counts as ${name}; ` +
        '--class-folders leaf makes each of them a class',
    )
  }

  /** Images side by side, whose classes a list says. @returns whether they can be used: test images without labels cannot */
  async #addFlat({ part, path }: PartFolder & { readonly part: Part }, labels: readonly string[]): Promise<boolean> {
    const files = await filesBelow(this.#folder, path)
    const list = await findLabelList(this.#folder, path, files, labels)
    if ('looked' in list) {
      const about = { folder: this.#folder, part: path, looked: list.looked }
      if (part !== 'test') throw classificationErrors.MNAS_DATA_UNLABELLED(about)
      this.#warnings.push(`${path}/ is not used: its images lie in no class folders, and no list says their classes`)
      return false
    }
    for (const file of files) this.#packer.add(file, list.labelOf.get(file)!, part)
    this.#fromLists = true
    this.#warnings.push(`the classes of ${path}/ are those of the list ${list.file}`)
    return true
  }

  #requireKnown(places: readonly (PartFolder & { readonly part: Part })[], labels: readonly string[]): void {
    const known = new Set(labels)
    const training = this.#layout.parts.training?.path ?? ''
    for (const { part, path } of places) {
      const stranger = [...this.#packer.labelsOf(part)].find((label) => !known.has(label))
      if (stranger !== undefined)
        throw classificationErrors.MNAS_DATA_VALIDATION({ folder: this.#folder, label: stranger, training, part: path })
    }
  }
}

/** @throws MNAS_DATA_NAMES for two that only differ in how their letters are put together */
function requireDistinct(folder: string, path: string, names: readonly string[]): void {
  const seen = new Map<string, string>()
  for (const name of names) {
    const label = name.normalize('NFC')
    if (seen.has(label)) throw classificationErrors.MNAS_DATA_NAMES({ folder: path === '' ? folder : `${folder}/${path}`, label })
    seen.set(label, name)
  }
}

/** `train/cat/indoor/1.jpg` → `indoor`. */
const leafOf = (file: string) => file.split('/').at(-2)!.normalize('NFC')

/** The folders in `start` that hold files, to any depth. */
function subfoldersOf(files: readonly string[], start: string): readonly string[] {
  const found = new Set<string>()
  for (const file of files) {
    const end = file.indexOf('/', start.length)
    if (end >= 0) found.add(file.slice(start.length, end))
  }
  return [...found]
}

const folderNames = (places: readonly PartFolder[]) =>
  listed(
    places.map(({ path }) => path),
    '/',
  )
const most = 4
const listed = (names: readonly string[], ending: string) =>
  names
    .slice(0, most)
    .map((name) => `${name}${ending}`)
    .join(', ') + (names.length > most ? ' …' : '')
