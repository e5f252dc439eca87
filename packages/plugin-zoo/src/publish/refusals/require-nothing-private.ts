import { readFile } from 'node:fs/promises'
import type { DraftFile } from '../contents/draft-file.js'
import { publishErrors } from '../errors.js'
import { type OwnPlaces, privatePlaceIn } from './private-places.js'

/** Roles of files that are no text, whatever they are called. */
const binary = ['weights'] as const
const textual = /\.(?:json|svg|md|txt|ya?ml|js|csv|html)$|^LICEN[CS]E$/i

/** Looks through every text file of an entry, its own entry.json too. @throws MNAS_ZOO_PRIVATE */
export async function requireNothingPrivate(files: readonly DraftFile[], places: OwnPlaces): Promise<void> {
  for (const file of files) {
    if (!isText(file)) continue
    const { source, path } = file
    const bytes = 'bytes' in source ? source.bytes : await readFile(source.path)
    requirePublic(path, new TextDecoder().decode(bytes), places)
  }
}

/** @throws MNAS_ZOO_PRIVATE */
export function requirePublic(file: string, text: string, places: OwnPlaces): void {
  const found = privatePlaceIn(text, places)
  if (found) throw publishErrors.MNAS_ZOO_PRIVATE({ file, ...found })
}

const isText = ({ path, role }: DraftFile) => !(binary as readonly string[]).includes(role) && textual.test(path)
