import { architectureHash } from '@mnas/core/architecture'
import type { Costs, Task } from '@mnas/core/contracts'
import { jsonText } from '@mnas/core/files'
import { entryLimits, entrySchema, type ZooEntry } from '../entry/entry-schema.js'
import { lineRule, textRule } from '../entry/texts.js'
import { type CardTexts, cardTexts } from './card/card-texts.js'
import { writeCard } from './card/write-card.js'
import { accuracyClaims } from './claims/accuracy-claims.js'
import { latencyClaims } from './claims/latency-claims.js'
import { type DraftFile, draftText, entryFileOf } from './contents/draft-file.js'
import type { BundleContents } from './contents/read-contents.js'
import { publishErrors } from './errors.js'
import { lineageOfBundle, originOf } from './lineage-of-bundle.js'
import type { OwnPlaces } from './refusals/private-places.js'
import { type LicenceWish, requireLicence, requireSpdx } from './refusals/require-licence.js'
import { requireNothingPrivate, requirePublic } from './refusals/require-nothing-private.js'
import { requireStructure } from './refusals/require-structure.js'

/** What a user says of a release; the rest is in the bundle. */
export interface EntryWish extends LicenceWish {
  readonly name: string
  readonly release: string
  readonly data: { readonly name: string; readonly licence: string | null; readonly terms: string | null }
  readonly card: Partial<CardTexts>
  readonly allowEmulated: boolean
  /** Digest of the entry that it replaces. */
  readonly supersedes: string | null
}

export interface EntryMaterials {
  readonly contents: BundleContents
  readonly task: Task
  readonly costs: Pick<Costs, 'parameters' | 'macs'>
  /** golden.json; null: nothing here could answer. */
  readonly golden: DraftFile | null
  /** When the weights were judged, YYYY-MM-DD. */
  readonly date: string
  readonly mnasVersion: string
  readonly places: OwnPlaces
}

/** A release, whole: entry.json with all that it names. */
export interface MadeEntry {
  readonly entry: ZooEntry
  /** entry.json, byte for byte. */
  readonly bytes: Uint8Array
  readonly card: DraftFile
  readonly files: readonly DraftFile[]
}

/** Of the programs that run a model of mnas. */
const codeLicence = 'Apache-2.0'

/**
 * An entry of a bundle: everything that its numbers rest on. The same bundle and words give the same bytes.
 * @throws MNAS_ZOO_LICENCE…, MNAS_ZOO_RELICENSE, MNAS_ZOO_PRIVATE, MNAS_ZOO_FINGERPRINT, MNAS_ZOO_ORIGIN,
 * MNAS_ZOO_EXPORT_STRUCTURE,
 *   MNAS_ZOO_EMULATED, MNAS_ZOO_TEXT, MNAS_ZOO_LIMITS
 */
export async function makeEntry(wish: EntryWish, materials: EntryMaterials): Promise<MadeEntry> {
  const { contents, task, golden, places } = materials
  const { model, weights, exports, charts, front, licence } = contents
  requireStructure(contents, task)
  const described = describe(wish, materials)
  const listed = [model, weights, ...exports.flatMap(({ files }) => files), golden, front?.file, licence, ...charts]
  const others = listed.filter((file) => file !== null && file !== undefined)
  const card = await draftText('README.md', 'card', writeCard({ ...described, files: others.map(entryFileOf) }))
  const files = [...others, card]
  if (files.length > entryLimits.files)
    throw publishErrors.MNAS_ZOO_LIMITS({ what: 'files', most: entryLimits.files, received: files.length })
  await requireNothingPrivate(files, places)
  const entry = parsed({ ...described, files: files.map(entryFileOf) })
  const text = jsonText(entry)
  requirePublic('entry.json', text, places)
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > entryLimits.entryBytes)
    throw publishErrors.MNAS_ZOO_LIMITS({ what: 'bytes of entry.json', most: entryLimits.entryBytes, received: bytes.length })
  return { entry, bytes, card, files }
}

function parsed(described: ZooEntry): ZooEntry {
  const { data, error } = entrySchema.safeParse(described)
  if (data) return data
  const issue = error.issues.find(({ message }) => message === lineRule || message === textRule)
  throw issue ? publishErrors.MNAS_ZOO_TEXT({ field: issue.path.join('.'), expected: issue.message }) : error
}

function describe(wish: EntryWish, { contents, task, costs, date, mnasVersion }: EntryMaterials): Omit<ZooEntry, 'files'> {
  const { bundle, exports, licence } = contents
  const { architecture, labels, provenance } = bundle
  const origin = originOf(provenance)
  const { weights, relicensed } = requireLicence(bundle.name, wish, origin)
  if (wish.data.licence !== null) requireSpdx('--data-licence', wish.data.licence)
  const lineage = lineageOfBundle(contents)
  return {
    version: 1,
    name: wish.name,
    release: wish.release,
    task: task.name,
    architecture: architectureHash(architecture),
    architectureName: architecture.name,
    inputSize: architecture.input.size,
    parameters: costs.parameters,
    multiplyAdds: costs.macs,
    classes: labels.length === 0 ? null : labels.length,
    accuracy: [...accuracyClaims(contents, { task, dataName: wish.data.name, date, mnas: mnasOf(bundle) ?? mnasVersion })],
    latency: [
      ...latencyClaims(exports, { name: bundle.name, inputSize: architecture.input.size, allowEmulated: wish.allowEmulated }),
    ],
    lineage,
    licence: {
      weights,
      code: codeLicence,
      data: lineage.kind === 'training' ? [wish.data] : [],
      text: licence?.sha256 ?? null,
      relicensed,
    },
    card: cardTexts(bundle, wish.card),
    supersedes: wish.supersedes,
  }
}

const mnasOf = ({ provenance }: BundleContents['bundle']) => (typeof provenance['mnas'] === 'string' ? provenance['mnas'] : null)
