import { deploymentErrors } from '../errors.js'
import type { DeployLimits } from './beyond-limits.js'

/** What has to be there to tell how good the files of a model are. */
export interface Judgeable {
  readonly format: string
  /** The model has trained weights. */
  readonly trained: boolean
  /** There are images to compare on. */
  readonly photos: boolean
  /** Something here runs the files. */
  readonly runs: boolean
}

/**
 * A limit that somebody named is kept or refused, and not passed over where nothing can be judged by it.
 * @param asked as the user gave them
 * @throws MNAS_DEPLOY_LIMIT
 */
export function requireJudgeable({ maxDrop, minAgreement }: Partial<DeployLimits>, about: Judgeable): void {
  const named = [
    ...(maxDrop === undefined ? [] : ['--max-drop']),
    ...(minAgreement === undefined || minAgreement === null ? [] : ['--min-agreement']),
  ]
  const lacking = lackingOf(about)
  if (named.length > 0 && lacking) throw deploymentErrors.MNAS_DEPLOY_LIMIT({ limits: named, ...lacking })
}

/** The first thing that is not there. */
function lackingOf({ format, trained, photos, runs }: Judgeable): { readonly received: string; readonly fix: string } | null {
  if (!trained) return { received: 'random weights', fix: 'Train the model first' }
  if (!photos) return { received: 'no photos', fix: 'Give --data DIR' }
  if (!runs) return { received: `nothing here that runs ${format} files`, fix: 'Run "mnas device setup host"' }
  return null
}
