/**
 * Zoos to look at: folders by the schemas of @mnas/plugin-zoo, without a publish. Entries of real bundles, and thousands that nobody trained.
 * `node test/support/zoo/zoo-folder.mjs FOLDER [ENTRIES]` writes one of the second kind.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { blobKey, cardKey, entryKey, entrySchema, shardKey, shardSchema, zooKey, zooSchema } from '@mnas/plugin-zoo'

/** @typedef {import('@mnas/plugin-zoo').ZooEntry} ZooEntry */
/** @typedef {import('@mnas/plugin-zoo').EntrySummary} EntrySummary */
/** @typedef {{entry: ZooEntry, readme?: string, yanked?: string, blobs?: readonly Uint8Array[]}} Published */

/** @param {Uint8Array | string} data */
export const sha256 = (data) => createHash('sha256').update(data).digest('hex')

/**
 * @param {string} folder
 * @param {readonly Published[]} published
 */
export function writeZoo(folder, published) {
  const put = (/** @type {string} */ key, /** @type {Uint8Array | string} */ data) => {
    mkdirSync(dirname(join(folder, key)), { recursive: true })
    writeFileSync(join(folder, key), data)
  }
  /** @type {Map<string, EntrySummary[]>} */
  const shards = new Map()
  for (const { entry, readme, yanked = null, blobs = [] } of published) {
    const text = JSON.stringify(entrySchema.parse(entry))
    put(entryKey(entry.name, entry.release), text)
    if (readme !== undefined) put(cardKey(entry.name, entry.release), readme)
    for (const blob of blobs) put(blobKey(sha256(blob)), blob)
    const shard = sha256(entry.name).slice(0, 2)
    shards.set(shard, [...(shards.get(shard) ?? []), summaryOf(entry, text, yanked)])
  }
  /** @type {Record<string, {sha256: string, sizeBytes: number}>} */
  const listed = {}
  for (const [shard, entries] of shards) {
    const bytes = gzipSync(JSON.stringify(shardSchema.parse({ version: 1, entries })))
    put(shardKey(shard, sha256(bytes)), bytes)
    listed[shard] = { sha256: sha256(bytes), sizeBytes: bytes.length }
  }
  const zoo = zooSchema.parse({ version: 1, generation: 1, entries: published.length, shards: listed })
  put(zooKey, gzipSync(JSON.stringify(zoo)))
}

/**
 * @param {ZooEntry} entry
 * @param {string} text
 * @param {string | null} yanked
 * @returns {EntrySummary}
 */
function summaryOf(entry, text, yanked) {
  const exported = entry.files.filter(({ role }) => role === 'export').map(({ sizeBytes }) => sizeBytes)
  const ofFile = (/** @type {string | null} */ hash) => {
    const file = entry.files.find(({ sha256 }) => sha256 === hash)
    return { file: file?.path ?? null, precision: file?.precision ?? null }
  }
  const { name, release, task, architectureName, inputSize, classes, parameters, multiplyAdds } = entry
  return {
    name,
    release,
    digest: sha256(text),
    entryBytes: Buffer.byteLength(text),
    date: entry.accuracy[0]?.date ?? '2026-11-28',
    yanked,
    signed: false,
    task,
    architectureName,
    summary: entry.card.summary,
    licence: entry.licence.weights,
    inputSize,
    classes,
    parameters,
    multiplyAdds,
    sizeBytes: exported.length > 0 ? Math.min(...exported) : null,
    accuracy: entry.accuracy.map(({ basis, dataset, metrics, file }) => {
      return { basis, dataset: dataset.name, images: dataset.images, ...ofFile(file), metrics }
    }),
    latency: entry.latency.map(({ basis, device, accelerator, threads, file, ms }) => {
      const { model, soc, emulated } = device
      return { basis, device: model, soc, emulated, accelerator, threads, ...ofFile(file), ms: ms.p50 }
    }),
  }
}

/**
 * An entry of a bundle, with all files of its folder; what it claims is its own metrics.
 * @param {string} bundle
 * @param {{name: string, release: string, summary: string, licence?: string, changes?: Partial<ZooEntry>}} about
 * @returns {{entry: ZooEntry, blobs: readonly Uint8Array[]}}
 */
export function entryOfBundle(bundle, { name, release, summary, licence = 'MIT', changes = {} }) {
  const paths = filesBelow(bundle).filter(
    (path) => !path.startsWith('local/') && !path.endsWith('.md') && !/^exports\/.*\.\w+\.json$/.test(path),
  )
  const contents = paths.map((path) => readFileSync(join(bundle, path)))
  const model = JSON.parse(readFileSync(join(bundle, 'model.json'), 'utf8'))
  const files = paths.map((path, index) => {
    const described = describeFile(path)
    return { path, sha256: sha256(contents[index]), sizeBytes: contents[index].length, ...described }
  })
  const weights = files.find(({ role }) => role === 'weights')
  /** @type {ZooEntry} */
  const entry = {
    ...blank(name, release, summary, licence),
    task: model.task.name,
    architecture: sha256(JSON.stringify(model.architecture)),
    architectureName: model.architecture.name,
    inputSize: model.architecture.input.size,
    classes: model.labels.length,
    files,
    accuracy: [accuracyOf({ file: weights?.sha256 ?? null, metrics: model.metrics })],
    ...changes,
  }
  return { entry, blobs: contents }
}

/** @param {string} path */
function describeFile(path) {
  if (path === 'model.json') return { role: /** @type {const} */ ('model') }
  if (path.endsWith('.safetensors')) return { role: /** @type {const} */ ('weights') }
  const format = /\.tfjs\//.test(path) ? 'tfjs' : path.endsWith('.tflite') ? 'tflite' : undefined
  const role = format ? /** @type {const} */ ('export') : /** @type {const} */ ('chart')
  const precision = format && (/int8/.test(path) ? 'int8' : 'float32')
  return { role, ...(format && { format }), ...(precision && { precision }) }
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => relative(folder, join(file.parentPath, file.name)).replaceAll('\\', '/'))
    .sort()
}

/**
 * @param {string} name
 * @param {string} release
 * @param {string} summary
 * @param {string} licence
 * @returns {ZooEntry}
 */
function blank(name, release, summary, licence) {
  return {
    version: 1,
    name,
    release,
    task: 'classification',
    architecture: sha256(name),
    architectureName: 'mnasnet-a1@0.35',
    inputSize: 96,
    parameters: 781_286,
    multiplyAdds: 12_000_000,
    classes: 6,
    files: [],
    accuracy: [],
    latency: [],
    lineage: {
      kind: 'training',
      job: sha256('job'),
      recipe: 'quick',
      seed: 0,
      epochs: 4,
      data: sha256('data'),
      parent: null,
      search: null,
    },
    licence: { weights: licence, code: 'Apache-2.0', data: [], text: null, relicensed: null },
    card: { summary, intendedUse: 'To be looked at.', limits: 'Trained for **minutes**.', risks: '' },
    supersedes: null,
  }
}

const said = { basis: /** @type {const} */ ('published'), date: '2026-11-28' }
const measured = { basis: /** @type {const} */ ('measured'), mnas: '0.1.0', date: '2026-11-28' }

/** @param {Partial<ZooEntry['accuracy'][number]> & Pick<ZooEntry['accuracy'][number], 'metrics'>} claim */
export const accuracyOf = (claim) => ({
  ...(claim.basis === 'published' ? said : { ...measured, command: 'mnas evaluate models/photos --data photos' }),
  file: null,
  dataset: { name: 'trashnet', split: 'val', fingerprint: sha256('trashnet'), images: 499 },
  right: null,
  seeds: [],
  interval95: null,
  decoder: 'exact',
  engine: 'onnx',
  ...claim,
})

/** @param {{device: string, ms: number, emulated?: boolean} & Partial<Omit<ZooEntry['latency'][number], 'device' | 'ms'>>} claim */
export const latencyOf = ({ device, ms, emulated = false, ...claim }) => ({
  ...(claim.basis === 'published' ? said : { ...measured, command: 'mnas deploy models/photos --device android' }),
  file: null,
  device: {
    kind: 'android',
    vendor: 'Google',
    model: device,
    soc: 'Tensor G3',
    os: 'Android 16',
    fingerprint: sha256(device),
    emulated,
  },
  runtime: { name: 'litert', version: '2.1.6', sha256: sha256('litert') },
  accelerator: 'cpu',
  threads: 1,
  flags: {},
  ms: { p50: ms, p90: ms * 1.1, p99: null, min: ms * 0.95 },
  spread: 0.02,
  runs: 50,
  processes: 3,
  thermal: null,
  ...claim,
})

const devices = ['Pixel 8', 'Pixel 1', 'Galaxy S24', 'Raspberry Pi 5', 'Raspberry Pi 4', 'Moto G', 'Xiaomi 12', 'Fairphone 5']
const licences = ['Apache-2.0', 'MIT', 'CC-BY-4.0']
const datasets = ['photos', 'imagenet-1k', 'trashnet']
const bases = /** @type {const} */ (['measured', 'measured', 'attested', 'published'])

/**
 * @param {number} index
 * @returns {Published}
 */
export function syntheticEntry(index) {
  const name = `user${index % 200}/mnasnet-${index}`
  const basis = bases[index % 4]
  const source = basis === 'published' ? { source: 'https://example.org/paper' } : {}
  const dataset = datasets[index % 3]
  const licence = licences[index % 3]
  const entry = blank(name, `1.${index % 7}.0`, `Network ${index} of many, for ${dataset}`, licence)
  const quality = 0.5 + ((index * 7919) % 4000) / 10_000
  return {
    entry: {
      ...entry,
      architectureName: ['mnasnet-a1', 'mnasnet-b1', 'searched'][index % 3],
      inputSize: [96, 128, 160, 192, 224][index % 5],
      parameters: 700_000 + index * 37,
      multiplyAdds: 11_000_000 + index * 999,
      classes: 2 + (index % 100),
      accuracy: [
        accuracyOf({
          basis,
          ...source,
          dataset: { name: dataset, split: 'val', fingerprint: sha256(dataset), images: 5000 },
          metrics: { top1: quality },
        }),
      ],
      latency: [0, 1, 2, 3].map((step) =>
        latencyOf({
          basis,
          ...source,
          device: devices[(index + step) % devices.length],
          emulated: index % 11 === 0,
          ms: 2 + ((index * 104_729) % 3000) / 100 + step,
        }),
      ),
    },
  }
}

if (process.argv[1] === import.meta.filename) {
  const [folder, count = '10000'] = process.argv.slice(2)
  writeZoo(
    folder,
    Array.from({ length: Number(count) }, (_, index) => syntheticEntry(index)),
  )
}
