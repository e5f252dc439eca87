import { parseArchitecture } from '@mnas/core/architecture'
import { parseJson } from '@mnas/core/files'
import { rowInWords } from '@mnas/core/graph'
import type { FoundEntry } from '../show/find-entry.js'
import type { FieldChange } from './diff-entries.js'

/** Rows of two architectures that differ, in words. Nothing is fetched where the architectures are the same. */
export async function diffBlocks(a: FoundEntry, b: FoundEntry): Promise<readonly FieldChange[]> {
  if (a.entry.architecture === b.entry.architecture) return []
  const [before, after] = await Promise.all([rowsOf(a), rowsOf(b)])
  const rows = Array.from({ length: Math.max(before.length, after.length) }, (_, row) => row)
  return rows.flatMap((row) => {
    const [was, is] = [before[row] ?? null, after[row] ?? null]
    return was === is ? [] : [{ field: `row ${row + 1}`, a: was, b: is }]
  })
}

async function rowsOf({ entry, read }: FoundEntry): Promise<readonly string[]> {
  const file = entry.files.find(({ role }) => role === 'model')
  if (!file) return []
  const json = parseJson(new TextDecoder().decode(await read(file))) as { readonly architecture?: unknown }
  const { blocks } = parseArchitecture(json.architecture ?? json, `The architecture of ${entry.name}@${entry.release}`)
  return blocks.map(({ filters, ...layers }, row) => `${rowInWords({ row: row + 1, layers })}, ${filters} filters`)
}
