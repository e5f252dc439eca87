import { readFile } from 'node:fs/promises'
import { jsonText, parseJson, writeAtomic } from '@mnas/core/files'

/** What a reference resolved to, as it stands in a pulled model.json. */
export interface PulledFrom {
  /** Null for a folder: paths of this computer stand in no bundle. */
  readonly zoo: string | null
  readonly name: string
  readonly release: string
  /** sha256 of entry.json. */
  readonly digest: string
  /** Of the weights, SPDX: who publishes what is trained of them has to keep to it. */
  readonly licence: string
}

/** Writes into a bundle's model.json where it comes from. An architecture without weights has no provenance and stays as it is. */
export async function pulledModel(path: string, from: PulledFrom): Promise<void> {
  const text = await readFile(path, 'utf8')
  const pulled = withSource(text, from)
  if (pulled !== text) await writeAtomic(path, pulled)
}

/** @param text of model.json as it was published */
export function withSource(text: string, from: PulledFrom): string {
  const model = modelOf(text)
  if (model === null) return text
  return jsonText({ ...model, provenance: { ...model.provenance, zoo: from } })
}

interface WithProvenance {
  readonly provenance: Readonly<Record<string, unknown>>
}

function modelOf(text: string): WithProvenance | null {
  try {
    const model = parseJson(text) as Partial<WithProvenance> | null
    return typeof model?.provenance === 'object' && model.provenance !== null ? (model as WithProvenance) : null
  } catch {
    // Whoever reads the bundle says what is wrong with it.
    return null
  }
}
