import { stat } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { basename, join } from 'node:path'
import { readDataPlace, requireTrained, resolveModel } from '@mnas/core/bundle'
import type { Surroundings, ZooStore } from '@mnas/core/contracts'
import { loadModel } from '@mnas/core/deployment'
import { storeErrors } from '@mnas/core/errors'
import type { Reporter } from '@mnas/core/events'
import type { Registry } from '@mnas/core/plugins'
import semver from 'semver'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { shardOf } from '../catalogue/keys.js'
import { readCatalogue, readHashedFrom, readShard } from '../catalogue/read-catalogue.js'
import { summarizeEntry } from '../catalogue/summarize-entry.js'
import { isEntryName, isRelease } from '../entry/names.js'
import { readPrivateKey } from '../signatures/keys.js'
import { signEntry, signZoo } from '../signatures/sign-files.js'
import type { GoldenRequest } from '../verify/golden/golden-answers.js'
import { type Golden, goldenPath, goldenText } from '../verify/golden/golden-schema.js'
import { openStore } from '../zoos/open-store.js'
import type { CardTexts } from './card/card-texts.js'
import { draftText } from './contents/draft-file.js'
import { type BundleContents, readContents } from './contents/read-contents.js'
import { publishErrors } from './errors.js'
import { type EntryMaterials, type MadeEntry, makeEntry } from './make-entry.js'
import { publishInto } from './publish-into.js'
import type { LicenceWish } from './refusals/require-licence.js'

export interface PublishRequest extends LicenceWish {
  readonly registry: Registry
  /** MODEL, with trained weights. */
  readonly model: string
  /** The zoo. */
  readonly to: string
  readonly name: string
  readonly release: string
  /** Of the images; absent: the name of their folder. */
  readonly dataName?: string | undefined
  readonly dataLicence?: string | undefined
  readonly dataTerms?: string | undefined
  readonly card: Partial<CardTexts>
  readonly allowEmulated: boolean
  /** Path of a private key to sign with; absent: nothing is signed. */
  readonly key?: string | undefined
  /** Nothing is written. */
  readonly dryRun: boolean
  readonly engine: string
  /** Of the engine; 0 = all. */
  readonly threads: number
  /** Says what weights and exports answer to the pictures that mnas draws. */
  readonly answers: (request: GoldenRequest) => Promise<Golden>
  readonly around: Surroundings
  readonly reporter: Reporter
  readonly mnasVersion: string
}

export interface PublishedModel extends MadeEntry {
  readonly zoo: string
  readonly digest: string
  readonly outcome: 'published' | 'unchanged' | 'dry-run'
  /** Of the zoo's list; null: nothing was written. */
  readonly generation: number | null
}

/**
 * Publishes a bundle: makes its entry, with golden answers, and puts it into a zoo. What can be refused is refused before
 * anything is asked of a
 * runtime, and before anything is written. The same bundle again is no change.
 * @throws MNAS_ZOO_NAME, MNAS_ZOO_LOCATION, MNAS_ZOO_READ_ONLY, MNAS_MODEL_UNTRAINED, and what makeEntry and publishInto throw
 */
export async function publishModel(request: PublishRequest): Promise<PublishedModel> {
  const { registry, to, name, release, key, around } = request
  if (!isEntryName(name)) throw publishErrors.MNAS_ZOO_NAME({ what: 'name', received: name })
  if (!isRelease(release)) throw publishErrors.MNAS_ZOO_NAME({ what: 'release', received: release })
  const signingKey = key === undefined ? null : await readPrivateKey(key)
  const store = await openStore(registry, to, around)
  try {
    if (store.access === 'read') throw storeErrors.MNAS_ZOO_READ_ONLY({ location: store.location })
    const made = await entryOf(request, await releasesIn(store, name))
    const { entry, bytes, files, card } = made
    const date = new Date().toISOString().slice(0, 10)
    const summary = summarizeEntry(entry, bytes, { date, signed: signingKey !== null })
    const known = { ...made, zoo: store.location, digest: summary.digest }
    if (request.dryRun) return { ...known, outcome: 'dry-run', generation: null }
    const publication = {
      ...{ entry: bytes, summary, card: (card.source as { readonly bytes: Uint8Array }).bytes },
      files: new Map(files.map(({ sha256, source }) => [sha256, source])),
      ...(signingKey && { signature: signEntry(bytes, entry, signingKey) }),
    }
    const signList = signingKey && (async (stored: Uint8Array) => signZoo(stored, signingKey))
    const { kind, generation } = await publishInto(store, publication, around.signal, { ...(signList && { signList }) })
    return { ...known, outcome: kind, generation }
  } finally {
    await store.close()
  }
}

async function releasesIn(store: ZooStore, name: string): Promise<readonly EntrySummary[]> {
  const catalogue = await readCatalogue(store)
  if (!catalogue) return []
  const entries = await readShard(catalogue.list, shardOf(name), store.location, readHashedFrom(store))
  return entries.filter((entry) => entry.name === name)
}

async function entryOf(request: PublishRequest, releases: readonly EntrySummary[]): Promise<MadeEntry> {
  const { registry, name, release, licence, relicense, card, allowEmulated, mnasVersion, reporter } = request
  const { folder, bundle } = requireTrained(await resolveModel(request.model))
  reporter.stage('entry', `${name}@${release}`)
  const contents = await readContents(folder, bundle)
  const model = await loadModel(registry, { argument: folder, randomWeights: false })
  const data = { name: await dataName(request, contents), licence: request.dataLicence ?? null, terms: request.dataTerms ?? null }
  const supersedes = supersededBy(releases, release)
  const wish = { name, release, licence, relicense, card, allowEmulated, data, supersedes }
  const materials: EntryMaterials = {
    ...{ contents, task: model.task, costs: model.costs, golden: null, mnasVersion },
    date: (await stat(join(folder, 'model.json'))).mtime.toISOString().slice(0, 10),
    places: { home: homedir(), host: hostname() },
  }
  // What is refused is refused before the engine is asked.
  await makeEntry(wish, materials)
  const { engine, threads, around } = request
  const exports = contents.exports.map(({ path }) => path)
  const answers = await request.answers({ registry, folder, exports, engine, threads, around, reporter })
  return makeEntry(wish, { ...materials, golden: await draftText(goldenPath, 'golden', goldenText(answers)) })
}

async function dataName({ dataName: said }: PublishRequest, { folder, bundle }: BundleContents): Promise<string> {
  if (said !== undefined) return said
  const place = await readDataPlace(folder)
  if (place) return basename(place.folder)
  const { fingerprint } = (bundle.provenance['data'] ?? {}) as { readonly fingerprint?: unknown }
  return `images ${String(fingerprint ?? 'nobody knows').slice(0, 12)}`
}

/** The newest release before it, as long as it is there for everybody. */
function supersededBy(releases: readonly EntrySummary[], release: string): string | null {
  const before = releases.filter(({ yanked, release: known }) => yanked === null && semver.lt(known, release))
  return before.sort((a, b) => semver.rcompare(a.release, b.release))[0]?.digest ?? null
}
