import { parseJson } from '@mnas/core/files'
import { z } from 'zod'
import { zooKey } from '../../catalogue/keys.js'
import { sha256 } from '../../entry/claims.js'
import { entryPath } from '../../entry/paths.js'

/**
 * A repository of the hub shows the newest release as people and programs expect it: files at their natural paths, README.md at the top. Where each blob
 * lies, of this release and of earlier ones, stands in a file of its own; all other keys are paths.
 */
export const layoutPath = 'zoo/blobs.json'

export const layoutSchema = z.strictObject({
  version: z.literal(1),
  /** By sha256. commit: of an earlier release, whose path holds another file by now; null: here. */
  blobs: z.record(
    sha256,
    z.strictObject({
      path: entryPath,
      commit: z
        .string()
        .regex(/^[0-9a-f]{40}$/)
        .nullable(),
    }),
  ),
})
export type RepoLayout = Readonly<z.infer<typeof layoutSchema>>
export const emptyLayout: RepoLayout = { version: 1, blobs: {} }

export const hashOfBlobKey = (key: string): string | null => /^blobs\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(key)?.[1] ?? null

/** `entries/me/photos/1.0.0/entry.json` → `entry.json`, at the top: what the newest release shows. */
const shownPath = (key: string): string | null =>
  /^entries\/[^/]+\/[^/]+\/[^/]+\/(entry\.json|README\.md|model\.sig)$/.exec(key)?.[1] ?? null
const isOwn = (path: string) =>
  [zooKey, 'entry.json', 'README.md', 'model.sig'].includes(path) || /^(?:index|entries|blobs|zoo)\//.test(path)

/** What one commit does. `T` is where bytes come from. */
export interface Placement<T> {
  /** By path. */
  readonly put: ReadonlyMap<string, T>
  readonly remove: readonly string[]
  readonly layout: RepoLayout
}

/**
 * Where created keys go in a commit upon `parent`.
 * @param created by key
 * @param entries the bytes of entry.json files among them
 */
export function place<T>(
  created: ReadonlyMap<string, T>,
  entries: readonly Uint8Array[],
  layout: RepoLayout,
  parent: string,
): Placement<T> {
  const natural = naturalPaths(entries)
  const [put, heldBy] = [new Map<string, T>(), new Map<string, string>()]
  const blobs = new Map(Object.entries(layout.blobs))
  for (const [key, source] of created) {
    const hash = hashOfBlobKey(key)
    const paths = hash === null ? [key, shownPath(key)] : (natural.get(hash) ?? [key])
    for (const path of paths) if (path !== null) put.set(path, source)
    if (hash === null) continue
    for (const path of paths) heldBy.set(path!, hash)
    blobs.set(hash, { path: paths[0]!, commit: null })
  }
  // A new release takes the place of the one before, whose files stay where they were: in the commit before.
  const remove: string[] = []
  for (const [hash, { path, commit }] of blobs) {
    const leaves = natural.size > 0 && !natural.has(hash)
    const covered = put.has(path) && heldBy.get(path) !== hash
    if (commit !== null || !(leaves || covered)) continue
    blobs.set(hash, { path, commit: parent })
    if (!put.has(path)) remove.push(path)
  }
  return { put, remove, layout: { version: 1, blobs: Object.fromEntries(blobs) } }
}

/** Paths by hash. What cannot be read is placed by its keys. */
function naturalPaths(entries: readonly Uint8Array[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>()
  for (const { path, sha256: hash } of entries.flatMap(filesOf))
    if (entryPath.safeParse(path).success && !isOwn(path)) paths.set(hash, [...(paths.get(hash) ?? []), path])
  return paths
}

interface NamedFile {
  readonly path: string
  readonly sha256: string
}

function filesOf(entry: Uint8Array): readonly NamedFile[] {
  try {
    const { files } = parseJson(new TextDecoder().decode(entry)) as { readonly files?: readonly NamedFile[] }
    return files ?? []
  } catch {
    return []
  }
}
