import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelSource, ModelSourceContext } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import { exists } from '@mnas/core/files'
import { whileLocked } from '@mnas/core/storage'
import { modelsLockPath, zooCacheFolder } from '../cache/cache-paths.js'
import { pullErrors } from '../pull/errors.js'
import { withEntry } from '../pull/find-entry.js'
import { type Pulled, pullEntry } from '../pull/pull-entry.js'
import { type ModelReference, parseReference } from '../reference/parse-reference.js'
import { readTrust, trustFor } from '../signatures/trust-list.js'
import type { ResolvedEntry } from '../zoos/resolve-entry.js'
import { zooLocations } from '../zoos/zoo-locations.js'
import { storesOf } from './stores-of.js'

/** Entries of zoos as MODEL arguments: `zoo:me/photos@1.2`, or the address of an entry's folder. */
const zoo: ModelSource = {
  async fetch(text, context) {
    const reference = parseReference(text)
    if (reference === null) throw pullErrors.MNAS_ZOO_REFERENCE({ received: text })
    return (await pulledBefore(reference, context)) ?? fetchEntry(reference, context)
  },
}
export default zoo

/** Without asking a zoo, where the digest says it all: nobody has to have signed it. */
async function pulledBefore(reference: ModelReference, { cacheFolder }: ModelSourceContext): Promise<string | null> {
  if (reference.kind !== 'zoo' || reference.digest === null) return null
  if (trustFor(reference.name, await readTrust()).length > 0) return null
  const folder = modelFolder(cacheFolder, reference.digest, reference.name)
  return (await exists(join(folder, 'weights.safetensors'))) ? folder : null
}

/** @returns path of the model in the cache. @throws what withEntry and pullEntry throw */
export async function fetchEntry(reference: ModelReference, context: ModelSourceContext): Promise<string> {
  const locations = zooLocations(undefined, context.zoos)
  return withEntry(reference, locations, { registry: storesOf(context), around: context }, (found) =>
    pullIntoCache(found, context),
  )
}

async function pullIntoCache(found: ResolvedEntry, { cacheFolder, signal }: ModelSourceContext): Promise<string> {
  const out = modelFolder(cacheFolder, found.summary.digest, found.summary.name)
  const pull = () => pullEntry(found, { cacheFolder, out, signal })
  const orElse = (work: () => Promise<Pulled>) => (error: unknown) => {
    if (!isMnasError(error) || error.code !== 'MNAS_ZOO_OUT') throw error
    return work()
  }
  const pullAnew = async () => {
    await rm(out, { recursive: true, force: true })
    return pull()
  }
  // Somebody has changed what belongs to the cache. Of several who find that at once one puts it right, and the others find it so.
  const putRight = () => whileLocked(modelsLockPath(cacheFolder), () => pull().catch(orElse(pullAnew)))
  const { entry } = await pull().catch(orElse(putRight))
  const weights = entry.files.some(({ role }) => role === 'weights')
  const model = entry.files.find(({ role }) => role === 'model')
  return weights || !model ? out : join(out, model.path)
}

/** By digest: what is there never changes. Its last part is the model's name. */
const modelFolder = (cacheFolder: string, digest: string, name: string): string =>
  join(zooCacheFolder(cacheFolder), 'models', digest.slice(0, 16), basename(name))
