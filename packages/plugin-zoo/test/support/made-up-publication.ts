import { hashBytes, jsonText } from '@mnas/core/files'
import type { EntrySummary } from '#internal/catalogue/catalogue-schema.js'
import type { ZooEntry } from '#internal/entry/entry-schema.js'
import type { Publication } from '#internal/publish/publish-into.js'

export interface PublicationWish {
  readonly name?: string
  readonly release?: string
  /** By path; `model.json` is made when it is left out. */
  readonly files?: ReadonlyMap<string, Uint8Array>
  readonly summary?: Partial<EntrySummary>
}

const text = (letters: string) => new TextEncoder().encode(letters)

/** A release of a model that nobody trained: what it claims is made up, how it is written is not. */
export function madeUpPublication({ name = 'me/photos', release = '1.0.0', files, summary }: PublicationWish = {}): Publication {
  const contents = new Map([['model.json', text(jsonText({ name, provenance: { seed: 1 } }))], ...(files ?? [])])
  const roleOf = (path: string) => (path === 'model.json' ? 'model' : path.endsWith('.safetensors') ? 'weights' : 'export')
  const entry: ZooEntry = {
    version: 1,
    name,
    release,
    task: 'classification',
    architecture: hashBytes('architecture'),
    architectureName: 'mnasnet-a1@0.35',
    inputSize: 96,
    parameters: 1000,
    multiplyAdds: 10_000,
    classes: 6,
    files: [...contents].map(([path, bytes]) => ({
      path,
      sha256: hashBytes(bytes),
      sizeBytes: bytes.length,
      role: roleOf(path),
    })),
    accuracy: [],
    latency: [],
    lineage: {
      kind: 'training',
      job: hashBytes('job'),
      recipe: 'quick',
      seed: 1,
      epochs: 3,
      data: hashBytes('data'),
      parent: null,
      search: null,
    },
    licence: { weights: 'MIT', code: 'Apache-2.0', data: [], text: null, relicensed: null },
    card: { summary: 'photos in six classes', intendedUse: '', limits: '', risks: '' },
    supersedes: null,
  }
  const bytes = text(jsonText(entry))
  return {
    entry: bytes,
    summary: {
      name,
      release,
      digest: hashBytes(bytes),
      entryBytes: bytes.length,
      date: '2026-11-28',
      yanked: null,
      signed: false,
      task: entry.task,
      architectureName: entry.architectureName,
      summary: entry.card.summary,
      licence: 'MIT',
      inputSize: entry.inputSize,
      classes: entry.classes,
      parameters: entry.parameters,
      multiplyAdds: entry.multiplyAdds,
      sizeBytes: [...contents.values()].reduce((sum, content) => sum + content.length, 0),
      accuracy: [],
      latency: [],
      ...summary,
    },
    card: text(`# ${name}\n`),
    files: new Map([...contents.values()].map((content) => [hashBytes(content), { bytes: content }])),
  }
}
