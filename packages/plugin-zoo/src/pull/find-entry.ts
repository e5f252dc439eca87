import type { ModelReference } from '../reference/parse-reference.js'
import { chooseRelease, type ResolvedEntry, resolveEntry } from '../zoos/resolve-entry.js'
import { withZoos } from '../zoos/with-zoos.js'
import type { ZooOptions } from '../zoos/zoo.js'
import { pullErrors } from './errors.js'

/**
 * Finds the entry that a reference means, and lets `work` use it.
 * @param locations zoos that are asked, in this order, where the reference itself names none
 * @throws MNAS_ZOO_ENTRY_UNKNOWN, MNAS_ZOO_NONE (a repository of the hub that is no zoo), MNAS_ZOO_SEVERAL, and what reading a zoo and `work` throw
 */
export async function withEntry<T>(
  reference: ModelReference,
  locations: readonly string[],
  options: ZooOptions,
  work: (found: ResolvedEntry) => Promise<T>,
): Promise<T> {
  switch (reference.kind) {
    case 'zoo': {
      const asked = reference.location === undefined ? locations : [reference.location]
      return withZoos(asked, options, async (zoos) => work(await resolveEntry(zoos, reference)))
    }
    case 'hf': {
      const { repo, revision } = reference
      const location = `hf:${repo}${revision === null ? '' : `@${revision}`}`
      return withZoos([location], options, async ([zoo]) => {
        const entries = await zoo!.entries()
        const names = [...new Set(entries.map(({ name }) => name))]
        if (names.length !== 1) throw pullErrors.MNAS_ZOO_SEVERAL({ location, names })
        return work({ zoo: zoo!, summary: chooseRelease(entries, { release: null, digest: null })! })
      })
    }
    default:
      return reference satisfies never
  }
}
