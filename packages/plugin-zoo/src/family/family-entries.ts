import { architectureHash, namedArchitecture } from '@mnas/core/architecture'
import { hashBytes, jsonText } from '@mnas/core/files'
import type { AccuracyClaim, LatencyClaim } from '../entry/claims.js'
import { entrySchema, type FileRole, type ZooEntry } from '../entry/entry-schema.js'
import { writeCard } from '../publish/card/write-card.js'
import { claimedOn, type PublishedNetwork, publishedNetworks } from './published-networks.js'

/** An entry with all that it names. */
export interface FamilyEntry {
  readonly entry: ZooEntry
  readonly bytes: Uint8Array
  readonly card: Uint8Array
  readonly files: readonly Uint8Array[]
}

/** When this list of entries was made. */
export const familyReleased = '2026-11-28'
const release = '1.0.0'
/** Of the authors' code, and of this package. */
const licence = 'Apache-2.0'
const unsaid = 'not stated'

/**
 * The published networks as entries: architectures, with what their papers state of them as `published`. The same bytes each
 * time.
 */
export const familyEntries = (): readonly FamilyEntry[] => publishedNetworks.map(familyEntry)

const encode = (text: string) => new TextEncoder().encode(text)

function familyEntry(network: PublishedNetwork): FamilyEntry {
  const architecture = namedArchitecture(network.name)
  const model = encode(jsonText(architecture))
  const described: Omit<ZooEntry, 'files'> = {
    version: 1,
    name: `mnas/${network.name}`,
    release,
    task: architecture.task.name,
    architecture: architectureHash(architecture),
    architectureName: architecture.name,
    inputSize: architecture.input.size,
    parameters: network.parameters,
    multiplyAdds: network.multiplyAdds,
    classes: 1000,
    accuracy: accuracyOf(network),
    latency: latencyOf(network),
    lineage: { kind: 'published', paper: network.paper, url: network.url, table: network.table },
    licence: { weights: licence, code: licence, data: [], text: null, relicensed: null },
    card: {
      summary: network.summary,
      intendedUse: `Training: mnas train ${network.name} --data FOLDER. It answers nothing before.`,
      limits: 'Numbers of the paper are of weights that are not here, trained on ImageNet as the paper says.',
      risks: '',
    },
    supersedes: null,
  }
  const files = [fileOf('architecture.json', 'model', model)]
  const card = encode(writeCard({ ...described, files }))
  const entry = entrySchema.parse({ ...described, files: [...files, fileOf('README.md', 'card', card)] })
  return { entry, bytes: encode(jsonText(entry)), card, files: [model, card] }
}

const fileOf = (path: string, role: FileRole, bytes: Uint8Array) => ({
  ...{ path, role, sha256: hashBytes(bytes), sizeBytes: bytes.length },
})

const published = ({ url }: PublishedNetwork) => ({ basis: 'published', source: url, date: claimedOn, file: null }) as const

function accuracyOf(network: PublishedNetwork): AccuracyClaim[] {
  const { accuracy } = network
  if (!accuracy) return []
  return [
    {
      ...published(network),
      dataset: { name: 'ImageNet', split: 'validation', fingerprint: null, images: 50_000 },
      metrics: { ...accuracy },
      ...{ right: null, seeds: [], interval95: null, decoder: unsaid, engine: unsaid },
    },
  ]
}

function latencyOf(network: PublishedNetwork): LatencyClaim[] {
  const { pixel1Ms } = network
  if (pixel1Ms === undefined) return []
  return [
    {
      ...published(network),
      device: { kind: 'phone', vendor: 'Google', model: 'Pixel 1', soc: null, os: null, fingerprint: null, emulated: false },
      runtime: { name: unsaid, version: unsaid, sha256: null },
      ...{ accelerator: 'cpu', threads: 1, flags: { cores: 'one big core', batch: 1 } },
      ms: { p50: pixel1Ms, p90: null, p99: null, min: null },
      ...{ spread: null, runs: null, processes: null, thermal: null },
    },
  ]
}
