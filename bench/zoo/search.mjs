/**
 * What a zoo of 10,000 entries costs: bytes of the first index over the wire, seconds of a search above `mnas --help` from a warm cache, bytes
 * that a publish sends beside its blobs. The entries are made up, each with four latencies of two files and two accuracies, of the weights and of
 * one of the files, and served by this process: what is found is one file's accuracy and latency, or says that it is not.
 *
 *   npm run bench:zoo [-- --entries 10000 --rounds 5 --save]      exit 1 when a figure exceeds its limit
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { entryKey, shardKey, shardOf, zooKey } from '../../packages/plugin-zoo/dist/catalogue/keys.js'
import { packJson } from '../../packages/plugin-zoo/dist/catalogue/packed-json.js'
import { publishInto } from '../../packages/plugin-zoo/dist/publish/publish-into.js'
import { folderStore } from '../../packages/plugin-zoo/dist/stores/folder/folder-store.js'
import { provenance } from '../provenance.mjs'

const limits = { searchSeconds: 1, indexBytes: 2 * 2 ** 20, publishBytes: 64 * 2 ** 10 }
const root = fileURLToPath(new URL('../..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    save: { type: 'boolean', default: false },
  },
})
const [entries, rounds] = [Number(options.entries), Number(options.rounds)]
const hash = (text) => createHash('sha256').update(text).digest('hex')
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

const folder = mkdtempSync(join(tmpdir(), 'mnas-zoo-bench-'))
const server = createServer((request, response) => {
  try {
    const bytes = readFileSync(join(folder, 'zoo', decodeURIComponent(request.url)))
    served += bytes.length
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length }).end(bytes)
  } catch {
    response.writeHead(404).end()
  }
})
let served = 0
try {
  writeZoo()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const zoo = `http://127.0.0.1:${server.address().port}`
  const search = [
    'zoo',
    'search',
    '--zoo',
    zoo,
    '--device',
    'pixel-8',
    '--max-latency',
    '10ms',
    '--sort',
    'top1',
    '--licence',
    'mit',
  ]
  const firstSeconds = await time(search)
  const indexBytes = served
  const [helps, searches] = [[], []]
  for (let round = 0; round < rounds; round++) {
    helps.push(await time(['--help']))
    searches.push(await time(search))
  }
  const result = {
    ...provenance(),
    entries,
    rounds,
    indexBytes,
    firstSeconds,
    helpSeconds: median(helps),
    warmSeconds: median(searches),
    searchSeconds: median(searches) - median(helps),
    publishBytes: await publishedBytes(),
    limits,
  }
  console.log(JSON.stringify(result, null, 2))
  if (options.save) writeFileSync(join(root, 'bench/results/zoo-search.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = Object.entries(limits).every(([name, limit]) => result[name] <= limit) ? 0 : 1
} finally {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
}

function madeUp(index) {
  const name = `user${index % 200}/mnasnet-${index}`
  const devices = ['Pixel 8', 'Pixel 1', 'Galaxy S24', 'Raspberry Pi 5', 'Raspberry Pi 4', 'moto g', 'Xiaomi 12']
  const exported = `exports/mnasnet-${index}-${[96, 128, 160, 192, 224][index % 5]}px`
  const files = { float32: `${exported}.tflite`, int8: `${exported}-int8.tflite` }
  const latency = [0, 1, 2, 3].map((step) => ({
    basis: index % 5 === 0 ? 'published' : 'measured',
    device: devices[(index + step) % devices.length],
    soc: null,
    emulated: false,
    accelerator: 'cpu',
    threads: 1,
    file: step % 2 === 0 ? files.float32 : files.int8,
    precision: step % 2 === 0 ? 'float32' : 'int8',
    ms: Math.round(200 + ((index * 37 + step * 11) % 3000)) / 100,
  }))
  const accuracy = [null, 'int8'].map((precision, step) => ({
    basis: index % 5 === 0 ? 'published' : 'measured',
    dataset: ['photos', 'imagenet-1k', 'trashnet'][index % 3],
    images: 500 + (index % 1000),
    file: precision === null ? 'weights.safetensors' : files.int8,
    precision,
    metrics: { top1: 0.5 + ((index * 17 + step) % 480) / 1000, top5: 0.9, loss: 0.7 },
  }))
  return {
    name,
    release: `1.${index % 7}.0`,
    digest: hash(`entry ${index}`),
    entryBytes: 9000 + (index % 1000),
    date: '2026-11-28',
    yanked: null,
    signed: index % 3 === 0,
    task: 'classification',
    architectureName: ['mnasnet-a1', 'mnasnet-b1', 'searched'][index % 3],
    summary: `A network for ${2 + (index % 100)} kinds of things, number ${index}`,
    licence: ['Apache-2.0', 'MIT', 'CC-BY-4.0'][index % 3],
    inputSize: [96, 128, 160, 192, 224][index % 5],
    classes: 2 + (index % 100),
    parameters: 700_000 + index * 37,
    multiplyAdds: 11_000_000 + index * 999,
    sizeBytes: 800_000 + index,
    accuracy,
    latency,
  }
}

function writeZoo() {
  const shards = new Map()
  for (let index = 0; index < entries; index++) {
    const entry = madeUp(index)
    shards.set(shardOf(entry.name), [...(shards.get(shardOf(entry.name)) ?? []), entry])
  }
  const list = { version: 1, generation: 1, entries, shards: {} }
  for (const [shard, inside] of shards) {
    const packed = packJson({ version: 1, entries: inside })
    const sha256 = createHash('sha256').update(packed).digest('hex')
    list.shards[shard] = { sha256, sizeBytes: packed.length }
    put(shardKey(shard, sha256), packed)
  }
  put(zooKey, packJson(list))
}

function put(key, bytes) {
  const path = join(folder, 'zoo', key)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

/** Seconds of a command, from its start to its end. This process serves meanwhile. */
function time(args) {
  const before = performance.now()
  const env = { ...process.env, NODE_ENV: 'production', MNAS_CACHE_FOLDER: join(folder, 'cache') }
  const child = spawn(process.execPath, [join(root, 'bin/run.js'), ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve((performance.now() - before) / 1000) : reject(new Error(`mnas ${args.join(' ')} ended with ${code}`)),
    )
  })
}

/** Of everything but blobs. */
async function publishedBytes() {
  const store = folderStore(join(folder, 'zoo'), 'the zoo')
  let sent = 0
  const counting = {
    ...store,
    create(key, source) {
      if (!key.startsWith('blobs/')) sent += source.bytes.length
      return store.create(key, source)
    },
    replace(key, bytes, expected) {
      sent += bytes.length
      return store.replace(key, bytes, expected)
    },
  }
  const { publication } = await import('./made-up-release.mjs')
  const made = publication(madeUp(entries))
  await publishInto(counting, made, new AbortController().signal)
  if (readFileSync(join(folder, 'zoo', entryKey(made.summary.name, made.summary.release))).length === 0)
    throw new Error('no entry')
  return sent
}
