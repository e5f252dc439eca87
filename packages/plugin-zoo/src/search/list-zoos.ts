import { rcompare } from 'semver'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { chooseRelease } from '../zoos/resolve-entry.js'
import type { Zoo } from '../zoos/zoo.js'

export interface ListedZoo {
  readonly zoo: string
  readonly generation: number
  readonly entries: readonly EntrySummary[]
}

/** What zoos hold, by name. @param all every release, withdrawn ones too. @throws what reading a zoo throws */
export async function listZoos(zoos: readonly Zoo[], all: boolean): Promise<readonly ListedZoo[]> {
  const listed: ListedZoo[] = []
  for (const zoo of zoos) {
    const { list } = await zoo.catalogue()
    const entries = await zoo.entries()
    listed.push({ zoo: zoo.location, generation: list.generation, entries: all ? inOrder(entries) : newestOf(entries) })
  }
  return listed
}

/** One release of each name, where not all were withdrawn. */
export function newestOf(entries: readonly EntrySummary[]): readonly EntrySummary[] {
  const byName = new Map<string, EntrySummary[]>()
  for (const entry of entries) byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry])
  const newest = [...byName.values()].map((releases) => chooseRelease(releases, { release: null, digest: null }))
  return inOrder(newest.filter((entry) => entry !== null))
}

const inOrder = (entries: readonly EntrySummary[]) =>
  entries.toSorted((a, b) => (a.name === b.name ? rcompare(a.release, b.release) : a.name < b.name ? -1 : 1))
