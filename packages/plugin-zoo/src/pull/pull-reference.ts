import { resolve } from 'node:path'
import { isBundle } from '@mnas/core/bundle'
import type { ModelSourceContext } from '@mnas/core/contracts'
import { cacheErrors } from '../cache/errors.js'
import { type ModelReference, parseReference } from '../reference/parse-reference.js'
import { commitOf, type HubWish, importHub, isZoo } from '../sources/hub-import.js'
import { storesOf } from '../sources/stores-of.js'
import { hubAccess, locationOf } from '../stores/hf/hub-access.js'
import { zooLocations } from '../zoos/zoo-locations.js'
import { pullErrors } from './errors.js'
import { withEntry } from './find-entry.js'
import { pullEntry } from './pull-entry.js'

export interface PullRequest {
  readonly reference: string
  /** `--zoo`; empty or undefined: all. */
  readonly zoos: readonly string[] | undefined
  readonly offline: boolean
  /** The bundle's folder. */
  readonly out: string
  /** Of weights of the hub: what they do not say of themselves. */
  readonly wish?: HubWish
  readonly context: ModelSourceContext
  readonly onBytes?: (done: number, all: number) => void
}

/** What was pulled, by names that always mean the same. */
export interface PulledModel {
  readonly outcome: 'pulled' | 'imported' | 'unchanged'
  /** `zoo:me/photos@sha256:…`, `hf:timm/…@<commit>`. */
  readonly reference: string
  /** Where it came from. */
  readonly zoo: string
  readonly name: string
  /** Null for weights that were imported: nobody released them for mnas. */
  readonly release: string | null
  readonly digest: string | null
  readonly files: number | null
  readonly fetchedBytes: number | null
  /** SPDX, of the weights; null where nobody says. */
  readonly licence: string | null
}

/**
 * Makes a bundle's folder of whatever a reference means: an entry of a zoo, or weights of the hub as timm publishes them.
 * @throws MNAS_ZOO_REFERENCE, MNAS_ZOO_OUT, MNAS_ZOO_SAYS_ITSELF, MNAS_IMPORT_…, and what reading a zoo throws
 */
export async function pullReference(request: PullRequest): Promise<PulledModel> {
  const reference = parseReference(request.reference)
  if (reference === null) throw pullErrors.MNAS_ZOO_REFERENCE({ received: request.reference })
  const weights = reference.kind === 'hf' ? await importedWeights(request) : null
  if (weights) return weights
  if (isWished(request)) throw pullErrors.MNAS_ZOO_SAYS_ITSELF({ reference: request.reference })
  return pulledEntry(reference, request)
}

async function pulledEntry(reference: ModelReference, request: PullRequest): Promise<PulledModel> {
  const { context, out, offline, onBytes } = request
  const { cacheFolder, signal } = context
  const options = { registry: storesOf(context), around: context, offline }
  return withEntry(reference, zooLocations(request.zoos, context.zoos), options, async (found) => {
    const { kind, entry, digest, zoo, files, fetchedBytes } = await pullEntry(found, {
      ...{ cacheFolder, out, signal },
      ...(onBytes && { onBytes }),
    })
    return {
      ...{ outcome: kind, reference: `zoo:${entry.name}@sha256:${digest}`, zoo, name: entry.name, release: entry.release },
      ...{ digest, files, fetchedBytes, licence: entry.licence.weights },
    }
  })
}

const isWished = ({ wish = {} }: PullRequest): boolean => Object.keys(wish).length > 0

/** Null when mnas published there: then it is an entry. Offline nothing else can be there. */
async function importedWeights(request: PullRequest): Promise<PulledModel | null> {
  const { reference, out, offline, context, wish } = request
  const access = hubAccess(reference, context.signal)
  if (offline && !isWished(request)) return null
  if (offline) throw cacheErrors.MNAS_ZOO_OFFLINE({ location: locationOf(access), what: 'what a repository of the hub holds' })
  const commit = await commitOf(access)
  if (await isZoo(access, commit)) return null
  const there = await isBundle(out)
  const { provenance } = await importHub(access, commit, resolve(out), context, wish)
  const { licence } = (provenance['import'] ?? {}) as { readonly licence?: string }
  return {
    ...{ outcome: there ? 'unchanged' : 'imported', reference: `hf:${access.repo}@${commit}`, zoo: access.hubUrl },
    ...{ name: access.repo, release: null, digest: null, files: null, fetchedBytes: null, licence: licence ?? null },
  }
}
