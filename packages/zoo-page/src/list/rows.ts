import type { EntrySummary } from '@mnas/plugin-zoo'
import { compareVersions } from 'compare-versions'

export type AccuracySummary = EntrySummary['accuracy'][number]
export type LatencySummary = EntrySummary['latency'][number]

/** A release in the list, with what filters ask of it made ready. */
export interface Row {
  readonly entry: EntrySummary
  readonly id: string
  /** Name, architecture and summary, in lower case. */
  readonly words: string
  /** No later release of that name is there that was not withdrawn. */
  readonly newest: boolean
}

export const idOf = ({ name, release }: Pick<EntrySummary, 'name' | 'release'>): string => `${name}@${release}`

/** What an emulator says is of no phone: another device, and marked. */
export const deviceOf = ({ device, emulated }: Pick<LatencySummary, 'device' | 'emulated'>): string =>
  emulated ? `${device} (emulated)` : device

/** Newest first. */
export const byRelease = (a: EntrySummary, b: EntrySummary): number => compareVersions(b.release, a.release)

/** In the order of their names, newest first. */
export function rowsOf(entries: readonly EntrySummary[]): readonly Row[] {
  const newest = new Map<string, EntrySummary>()
  for (const entry of entries) {
    const known = newest.get(entry.name)
    if (entry.yanked === null && (!known || byRelease(known, entry) > 0)) newest.set(entry.name, entry)
  }
  return entries.toSorted(byName).map((entry) => ({
    entry,
    id: idOf(entry),
    words: `${entry.name} ${entry.architectureName} ${entry.summary}`.toLowerCase(),
    newest: newest.get(entry.name) === entry,
  }))
}

const byName = (a: EntrySummary, b: EntrySummary) => (a.name === b.name ? byRelease(a, b) : a.name < b.name ? -1 : 1)
