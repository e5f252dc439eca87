import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { isBundle } from '@mnas/core/bundle'
import type { ModelSource, ModelSourceContext } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { importHubFolder } from '@mnas/core/import'
import { zooCacheFolder } from '../cache/cache-paths.js'
import { catalogueLimits } from '../catalogue/catalogue-schema.js'
import { zooKey } from '../catalogue/keys.js'
import { pullErrors } from '../pull/errors.js'
import { parseReference } from '../reference/parse-reference.js'
import { type HubAccess, hubAccess, locationOf } from '../stores/hf/hub-access.js'
import { headCommit, wholeFileAt } from '../stores/hf/hub-repo.js'
import { fetchHubWeights } from './hub-weights.js'
import { fetchEntry } from './zoo-source.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string }

/** Models of the Hugging Face hub as MODEL arguments: `hf:OWNER/NAME`, as mnas publishes them or as timm does. */
const hub: ModelSource = {
  async fetch(text, context) {
    const reference = parseReference(text)
    if (reference?.kind !== 'hf') throw pullErrors.MNAS_ZOO_REFERENCE({ received: text })
    const access = hubAccess(text, context.signal)
    const known = access.revision ?? ''
    if (/^[0-9a-f]{40}$/.test(known) && (await isBundle(importedFolder(context, access, known))))
      return importedFolder(context, access, known)
    const commit = await commitOf(access)
    if (await isZoo(access, commit)) return fetchEntry(reference, context)
    const out = importedFolder(context, access, commit)
    if (!(await isBundle(out))) await importHub(access, commit, out, context)
    return out
  },
}
export default hub

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

/**
 * Makes a bundle of weights as timm publishes them.
 * @param out the bundle's folder
 * @throws MNAS_IMPORT_… and what fetching throws
 */
export async function importHub(access: HubAccess, commit: string, out: string, context: ModelSourceContext) {
  const folder = await fetchHubWeights(access, commit, context)
  return importHubFolder({
    ...{ folder, out, mnasVersion: version, source: `hf:${access.repo}@${commit}` },
    registry: { get: (_, name) => context.task(name) },
    note: (message) => context.warn(message),
  })
}

const importedFolder = ({ cacheFolder }: ModelSourceContext, { repo }: HubAccess, commit: string): string =>
  join(zooCacheFolder(cacheFolder), 'models', commit.slice(0, 16), basename(repo))
