import type { ModelReference } from '../reference/parse-reference.js'
import { chooseRelease, type ResolvedEntry, resolveEntry } from '../zoos/resolve-entry.js'
import { withZoos } from '../zoos/with-zoos.js'
import type { Zoo, ZooOptions } from '../zoos/zoo.js'
import { pullErrors } from './errors.js'

/**
 * Finds the entry that a reference means, and lets `work` use it.
 * @param locations zoos that are asked, in this order, where the reference itself names none
 * @throws what resolveReference throws, and what `work` throws
 */
export function withEntry<T>(
  reference: ModelReference,
  locations: readonly string[],
  options: ZooOptions,
  work: (found: ResolvedEntry) => Promise<T>,
): Promise<T> {
  return withZoos(zoosOf(reference, locations), options, async (zoos) => work(await resolveReference(reference, zoos)))
}

/** Which zoos are to be asked. @param locations where the reference itself names none */
export function zoosOf(reference: ModelReference, locations: readonly string[]): readonly string[] {
  switch (reference.kind) {
    case 'zoo':
      return reference.location === undefined ? locations : [reference.location]
    case 'hf':
      return [`hf:${reference.repo}${reference.revision === null ? '' : `@${reference.revision}`}`]
    default:
      return reference satisfies never
  }
}

/**
 * @param zoos those of zoosOf, opened
 * @throws MNAS_ZOO_ENTRY_UNKNOWN, MNAS_ZOO_NONE (a repository of the hub that is no zoo), MNAS_ZOO_SEVERAL, and what reading a zoo throws
 */
export async function resolveReference(reference: ModelReference, zoos: readonly Zoo[]): Promise<ResolvedEntry> {
  switch (reference.kind) {
    case 'zoo':
      return resolveEntry(zoos, reference)
    case 'hf': {
      const [zoo] = zoos
      const entries = await zoo!.entries()
      const names = [...new Set(entries.map(({ name }) => name))]
      if (names.length !== 1) throw pullErrors.MNAS_ZOO_SEVERAL({ location: zoo!.location, names })
      return { zoo: zoo!, summary: chooseRelease(entries, { release: null, digest: null })! }
    }
    default:
      return reference satisfies never
  }
}
