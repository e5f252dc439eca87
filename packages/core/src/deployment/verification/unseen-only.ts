import type { Dataset, Split } from '../../contracts/index.js'
import type { Reporter } from '../../events/index.js'

/**
 * Images that files were calibrated on say nothing of others, so they are left out of a check. Where a split has no others they are better than none.
 * @param calibratedOn identities
 * @returns what to leave out
 */
export function unseenOnly(
  dataset: Pick<Dataset, 'identities'>,
  split: Split,
  calibratedOn: ReadonlySet<bigint>,
  reporter: Pick<Reporter, 'warn'>,
): ReadonlySet<bigint> {
  const identities = calibratedOn.size > 0 ? dataset.identities?.(split) : undefined
  if (!identities || identities.length === 0 || identities.some((one) => !calibratedOn.has(one))) return calibratedOn
  reporter.warn('Every image to check quantised files on is one that they were calibrated on: they do worse on others')
  return new Set()
}
