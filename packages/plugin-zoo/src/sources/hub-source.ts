import { basename, join } from 'node:path'
import { isBundle } from '@mnas/core/bundle'
import type { ModelSource, ModelSourceContext } from '@mnas/core/contracts'
import { zooCacheFolder } from '../cache/cache-paths.js'
import { pullErrors } from '../pull/errors.js'
import { parseReference } from '../reference/parse-reference.js'
import { type HubAccess, hubAccess } from '../stores/hf/hub-access.js'
import { commitOf, importHub, isZoo } from './hub-import.js'
import { fetchEntry } from './zoo-source.js'

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

const importedFolder = ({ cacheFolder }: ModelSourceContext, { repo }: HubAccess, commit: string): string =>
  join(zooCacheFolder(cacheFolder), 'models', commit.slice(0, 16), basename(repo))
