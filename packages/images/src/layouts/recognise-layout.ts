import { imagesErrors } from '../errors.js'
import { type FolderEntries, readFolder } from '../listing/folder-entries.js'
import { otherKind } from '../listing/other-kinds.js'
import { type Part, partOf, parts } from './part-names.js'

/** Where the images of a part lie. */
export interface PartFolder {
  /** Relative to the data folder; `''` = the folder itself. */
  readonly path: string
  /** Images lie in it side by side, in no folders. */
  readonly flat: boolean
}

/** What the folders of a data set were taken for. Without folders for parts, the folder itself is the training part. */
export interface Layout {
  readonly parts: Readonly<Partial<Record<Part, PartFolder>>>
  /** Folders beside the parts, which nobody looks into. */
  readonly passedOver: readonly string[]
}

interface NamedFolder {
  readonly name: string
  readonly part: Part
  readonly entries: FolderEntries
}

/**
 * Looks at the names in a data folder and at what its parts hold. A folder is a part when it is named as one and holds folders (a class named
 * `train` holds images), or images where another part holds folders.
 * @throws MNAS_DATA_FOLDER, MNAS_DATA_LAYOUT when two folders are the same part
 */
export async function recogniseLayout(folder: string): Promise<Layout> {
  const { folders } = await readFolder(folder, '')
  const named: NamedFolder[] = []
  for (const name of folders) {
    const part = partOf(name)
    if (part) named.push({ name, part, entries: await readFolder(folder, name) })
  }
  const grouped = named.filter(({ entries }) => entries.folders.length > 0)
  const isDivided = grouped.some(({ part }) => part === 'training') || (grouped.length > 0 && named.length === folders.length)
  if (!isDivided) return { parts: { training: { path: '', flat: false } }, passedOver: [] }
  const filled = named.filter(({ entries }) => entries.folders.length > 0 || hasPhotos(entries))
  for (const part of parts) requireOne(folder, part, filled)
  const places = await Promise.all(filled.map(async (found) => [found.part, await placeOf(folder, found)] as const))
  return { parts: Object.fromEntries(places), passedOver: folders.filter((name) => partOf(name) === undefined) }
}

const hasPhotos = ({ files }: FolderEntries) => files.some((name) => otherKind(name) === undefined)

function requireOne(folder: string, part: Part, named: readonly NamedFolder[]): void {
  const [one, other] = named.filter((found) => found.part === part)
  if (!one || !other) return
  const problem = `both ${one.name}/ and ${other.name}/ are ${part} images`
  throw imagesErrors.MNAS_DATA_LAYOUT({ folder, problem, remedy: 'Join them, or rename or move one' })
}

/** Names of a folder that only holds the images of a part. */
const wrappers: readonly string[] = ['images', 'imgs', 'photos', 'jpegimages']

/** Images may lie one folder deeper (Tiny ImageNet: val/images/); training images are always in folders of classes. */
async function placeOf(folder: string, { name, part, entries }: NamedFolder): Promise<PartFolder> {
  if (entries.folders.length === 0) return { path: name, flat: true }
  const [only, ...more] = entries.folders
  if (part === 'training' || more.length > 0 || !wrappers.includes(only!.toLowerCase())) return { path: name, flat: false }
  const inner = await readFolder(folder, `${name}/${only}`)
  return inner.folders.length > 0 ? { path: name, flat: false } : { path: `${name}/${only}`, flat: true }
}
