import { rcompare, satisfies } from 'semver'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { catalogueErrors } from '../catalogue/errors.js'
import type { ModelReference } from '../reference/parse-reference.js'
import type { Zoo } from './zoo.js'

type ZooReference = Extract<ModelReference, { readonly kind: 'zoo' }>

/** What a reference means: always one digest, which is to be written down. */
export interface ResolvedEntry {
  readonly zoo: Zoo
  readonly summary: EntrySummary
}

/**
 * The entry that a reference means: of the first zoo that knows the name the newest release that fits. Withdrawn ones are found by their digest or their
 * whole release alone, final releases before those that are not (1.0.0-rc.1).
 * @throws MNAS_ZOO_ENTRY_UNKNOWN and what reading a zoo throws
 */
export async function resolveEntry(zoos: readonly Zoo[], reference: ZooReference): Promise<ResolvedEntry> {
  const known: string[] = []
  for (const zoo of zoos) {
    const releases = await zoo.releasesOf(reference.name)
    const summary = chooseRelease(releases, reference)
    if (summary) return { zoo, summary }
    known.push(...releases.map(({ name, release }) => `${name}@${release}`))
    if (releases.length > 0) break
  }
  throw catalogueErrors.MNAS_ZOO_ENTRY_UNKNOWN({
    reference: referenceText(reference),
    zoos: zoos.map(({ location }) => location),
    known,
  })
}

export function chooseRelease(
  releases: readonly EntrySummary[],
  { release, digest }: Pick<ZooReference, 'release' | 'digest'>,
): EntrySummary | null {
  if (digest !== null) return releases.find((entry) => entry.digest === digest) ?? null
  const whole = releases.find((entry) => entry.release === release)
  if (whole) return whole
  const newest = releases
    .filter(({ yanked, release: there }) => yanked === null && (release === null || satisfies(there, release)))
    .sort((a, b) => rcompare(a.release, b.release))
  // satisfies leaves out what is not final; without a release nothing does.
  return newest.find((entry) => !entry.release.includes('-')) ?? newest[0] ?? null
}

export const referenceText = ({ name, release, digest }: ZooReference): string =>
  digest !== null ? `${name}@sha256:${digest}` : release === null ? name : `${name}@${release}`
