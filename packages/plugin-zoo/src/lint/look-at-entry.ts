import type { MnasError } from '@mnas/core/errors'
import { entryLimits, entrySchema, type ZooEntry } from '../entry/entry-schema.js'
import { type ForeignFault, lookAtForeignJson } from '../entry/read-json.js'
import { lintErrors } from './errors.js'

export interface LookedAt {
  /** null: it is none. */
  readonly entry: ZooEntry | null
  /** All that is wrong, the first thing first. */
  readonly problems: readonly MnasError[]
}

/** Whether bytes are an entry.json. Never throws, whatever they are. @param file its name, for errors */
export function lookAtEntry(bytes: Uint8Array, file: string): LookedAt {
  const most = entryLimits.entryBytes
  if (bytes.length > most)
    return { entry: null, problems: [lintErrors.MNAS_ZOO_ENTRY_SIZE({ file, most, received: bytes.length })] }
  const found = lookAtForeignJson(bytes, entrySchema, entryLimits.depth)
  return 'data' in found ? { entry: found.data, problems: [] } : { entry: null, problems: problemsOf(found.fault, file) }
}

function problemsOf({ kind, reason, issues, cause }: ForeignFault, file: string): readonly MnasError[] {
  switch (kind) {
    case 'text':
    case 'json':
      return [lintErrors.MNAS_ZOO_ENTRY_JSON({ file, reason }, cause)]
    case 'depth':
      return [lintErrors.MNAS_ZOO_ENTRY_DEPTH({ file, most: entryLimits.depth })]
    case 'key':
      return [lintErrors.MNAS_ZOO_ENTRY_KEY({ file, reason })]
    case 'version':
      return [lintErrors.MNAS_ZOO_ENTRY_VERSION({ file, reason })]
    case 'schema':
      return issues.map(({ field, expected }) => lintErrors.MNAS_ZOO_ENTRY({ file, field, expected }, cause))
    default:
      return kind satisfies never
  }
}
