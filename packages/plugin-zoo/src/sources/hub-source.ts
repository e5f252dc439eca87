import type { ModelSource } from '@mnas/core/contracts'
import { pullErrors } from '../pull/errors.js'
import { parseReference } from '../reference/parse-reference.js'
import { fetchEntry } from './zoo-source.js'

/** Models of the Hugging Face hub as MODEL arguments: `hf:OWNER/NAME`, which mnas published there. */
const hub: ModelSource = {
  async fetch(text, context) {
    const reference = parseReference(text)
    if (reference?.kind !== 'hf') throw pullErrors.MNAS_ZOO_REFERENCE({ received: text })
    return fetchEntry(reference, context)
  },
}
export default hub
