import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ModelSourceContext } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { type HubImport, hubFiles, importHubFolder } from '@mnas/core/import'
import { requireSpace } from '../cache/require-space.js'
import { sizeOf } from '../cache/size-of.js'
import { catalogueLimits } from '../catalogue/catalogue-schema.js'
import { zooKey } from '../catalogue/keys.js'
import { type HubAccess, locationOf } from '../stores/hf/hub-access.js'
import { headCommit, wholeFileAt } from '../stores/hf/hub-repo.js'
import { fetchHubWeights } from './hub-weights.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string }

/** @throws MNAS_ZOO_MISSING where there is no such repository */
export async function commitOf(access: HubAccess): Promise<string> {
  const commit = await headCommit(access)
  if (commit === null) throw storeErrors.MNAS_ZOO_MISSING({ location: locationOf(access), key: access.revision ?? 'main' })
  return commit
}

/** Whether mnas published there. */
export async function isZoo(access: HubAccess, commit: string): Promise<boolean> {
  return (await wholeFileAt(access, commit, zooKey, catalogueLimits.zooBytes)) !== null
}

/** What weights do not say of themselves. */
export type HubWish = Pick<HubImport, 'style' | 'cropFraction' | 'labels'>

/**
 * Makes a bundle of weights as timm publishes them.
 * @param out the bundle's folder
 * @throws MNAS_IMPORT_…, MNAS_ZOO_DISK, and what fetching throws
 */
export async function importHub(access: HubAccess, commit: string, out: string, context: ModelSourceContext, wish: HubWish = {}) {
  const folder = await fetchHubWeights(access, commit, context)
  await requireSpace([{ folder: out, bytes: (await sizeOf(join(folder, hubFiles.weights))) ?? 0 }])
  return importHubFolder({
    ...{ folder, out, mnasVersion: version, source: `hf:${access.repo}@${commit}` },
    registry: { get: (_, name) => context.task(name) },
    note: (message) => context.warn(message),
    ...wish,
  })
}
