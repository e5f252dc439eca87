import { z } from 'zod'

/** Names that Windows keeps for devices, with any ending. */
export const reservedName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i
/** A part begins with neither a dot nor a space and ends in no dot: no `..`, nothing hidden, nothing that Windows would rename. */
const part = /^[A-Za-z0-9_@-](?:[A-Za-z0-9._@-]*[A-Za-z0-9_@-])?$/
export const longestPath = 200

/**
 * Whether a path may stand in an entry: relative, `/` between its parts, letters, digits and `._@-`. No drive, no backslash, no device's name.
 * Checked when it is written and when it is read.
 */
export function isEntryPath(path: string): boolean {
  return path.length <= longestPath && path.split('/').every((name) => part.test(name) && !reservedName.test(name))
}

/** What stands in an entry's folder beside the files that it names. */
const ownNames = ['entry.json', 'model.sig', 'attestations']

/** Whether a path would take the place of an entry itself, of its signature or of what others attest. */
export const isOwnPath = (path: string): boolean => ownNames.includes(path.split('/')[0]!.toLowerCase())

/** A file system that does not tell upper case from lower takes these for one. */
export function collidingPaths(paths: readonly string[]): readonly [string, string] | null {
  const seen = new Map<string, string>()
  for (const path of paths) {
    const folded = path.toLowerCase()
    const other = seen.get(folded)
    if (other !== undefined) return [other, path]
    seen.set(folded, path)
  }
  return null
}

export const entryPath = z.string().refine(isEntryPath, 'a relative path of letters, digits and "._@-" between "/"')
