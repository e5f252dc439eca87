import type { Json, JsonObject } from '@mnas/core/contracts'
import { licenceNamed } from '../entry/licences.js'
import type { Lineage } from '../entry/lineage.js'
import { isEntryName } from '../entry/names.js'
import type { BundleContents } from './contents/read-contents.js'
import { publishErrors } from './errors.js'

type Parent = Exclude<Lineage, { kind: 'published' }>['parent']
type Search = Extract<Lineage, { kind: 'training' }>['search']

/** Where the weights of a bundle come from, as its provenance says. @throws MNAS_ZOO_ORIGIN */
export function lineageOfBundle({ bundle, front }: Pick<BundleContents, 'bundle' | 'front'>): Lineage {
  const { provenance } = bundle
  const parent = parentOf(provenance)
  const imported = objectAt(provenance, 'import')
  if (imported) {
    const url = textAt(imported, 'url')
    return {
      kind: 'imported',
      from: required(bundle.name, imported, 'import', 'from'),
      file: required(bundle.name, imported, 'import', 'file'),
      sha256: required(bundle.name, imported, 'import', 'sha256'),
      url: url !== null && /^https?:\/\//.test(url) ? url : null,
      parent,
    }
  }
  const data = objectAt(provenance, 'data') ?? {}
  const recipe = objectAt(provenance, 'recipe') ?? {}
  return {
    kind: 'training',
    job: required(bundle.name, provenance, 'provenance', 'job'),
    recipe: recipeInWords(recipe),
    seed: numberAt(provenance, 'seed') ?? 0,
    epochs: numberAt(recipe, 'epochs') ?? 0,
    data: required(bundle.name, data, 'data', 'fingerprint'),
    parent,
    search: searchOf(provenance, front),
  }
}

/** The nearest model before it that has a name in a zoo or on a hub; where a licence of its own is known, that too. */
export interface Origin {
  /** For people. */
  readonly name: string
  readonly parent: NonNullable<Parent> | null
  /** SPDX, where the weights came with one. */
  readonly licence: string | null
  /** These are its very weights: pulled or imported, and not trained since. */
  readonly itself: boolean
}

/** Code and weights of the libraries that `mnas import` reads are under these, as their own repositories say. */
const licencesOf: Readonly<Record<string, string>> = {
  timm: 'Apache-2.0',
  torchvision: 'BSD-3-Clause',
  'efficientnet-lite-pytorch': 'Apache-2.0',
}

/**
 * What the weights began with: the pulled or imported model itself, or the one that its training began with, however far back.
 */
export function originOf(provenance: JsonObject): Origin | null {
  const zoo = objectAt(provenance, 'zoo')
  const name = zoo && textAt(zoo, 'name')
  if (zoo && name !== null && isEntryName(name))
    return { name, parent: { name, digest: textAt(zoo, 'digest') }, licence: textAt(zoo, 'licence'), itself: true }
  const imported = objectAt(provenance, 'import')
  if (imported) {
    const from = textAt(imported, 'from') ?? 'another library'
    const hub = hubOf(imported)
    const parent = hub === null ? null : { name: hub, digest: null }
    const named = textAt(imported, 'licence')
    const licence = named === null ? (licencesOf[from] ?? null) : licenceNamed(named)
    return { name: hub ?? from, parent, licence, itself: true }
  }
  const before = objectAt(provenance, 'parent')
  const origin = before && originOf(before)
  return origin && { ...origin, itself: false }
}

const parentOf = (provenance: JsonObject): Parent => originOf(provenance)?.parent ?? null

/** `hf:owner/repo@commit`, where the file came from a hub. */
function hubOf(imported: JsonObject): string | null {
  const source = textAt(imported, 'source')
  return source?.startsWith('hf:') ? source : null
}

function searchOf(provenance: JsonObject, front: BundleContents['front']): Search {
  const candidate = textAt(objectAt(provenance, 'search') ?? {}, 'candidate')
  if (!front || candidate === null) return null
  const { run, space, strategy, objective, targetMs, trials, trained, seed } = front.front
  return { run, space, strategy, objective, targetMs, trials, trained, seed, front: front.file.sha256, candidate }
}

function recipeInWords(recipe: JsonObject): string {
  const optimizer = textAt(objectAt(recipe, 'optimizer') ?? {}, 'kind') ?? 'unknown'
  const rate = objectAt(recipe, 'learningRate') ?? {}
  const [base, schedule] = [numberAt(rate, 'base'), textAt(rate, 'schedule')]
  const parts = [
    optimizer,
    ...(base === null ? [] : [`learning rate ${base}${schedule === null ? '' : ` ${schedule}`}`]),
    ...(['batchSize', 'epochs'] as const).flatMap((name) => {
      const value = numberAt(recipe, name)
      return value === null ? [] : [`${name === 'batchSize' ? 'batches of ' : ''}${value}${name === 'epochs' ? ' epochs' : ''}`]
    }),
  ]
  return parts.join(', ').slice(0, 200)
}

function objectAt(of: JsonObject, name: string): JsonObject | null {
  const value: Json | undefined = of[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

const textAt = (of: JsonObject, name: string): string | null => (typeof of[name] === 'string' ? of[name] : null)
const numberAt = (of: JsonObject, name: string): number | null => (typeof of[name] === 'number' ? of[name] : null)

function required(model: string, of: JsonObject, where: string, name: string): string {
  const value = textAt(of, name)
  if (value !== null) return value
  throw publishErrors.MNAS_ZOO_ORIGIN({ model, field: where === 'provenance' ? name : `${where}.${name}` })
}
