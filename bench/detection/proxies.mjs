/**
 * How well a search's ways of judging rank detectors: for some architectures of the space, each way's quality beside map50 of a
 * longer training as a detector, as rank correlations (Spearman's ρ and Kendall's τ-b). Whatever comes out is what it says.
 *
 *   crops      top-1 of a classifier of the objects cut out of the photos, recipe `proxy`
 *   transfer   top-1 of a classifier of other pictures (those of `mnas demo`), recipe `proxy`
 *   detection  the detector itself, recipe `proxy`: its early quality
 *
 *   node bench/detection/proxies.mjs [--save] [--minutes 5 | --long-epochs N] [--architectures 8] [--epochs 5] [--size 160]
 *     [--seed 0] [--data DIR] [--width .5] [--threads N] [--at-once 1] [--work FOLDER]
 *
 * Without --data: 400 + 100 pictures of shapes. `--minutes` is for each longer training; `--long-epochs` in its place gives every
 * one as many passes, however busy the machine is. `--threads` is of each training, `--at-once` how many of them run side by
 * side. What was trained stays in --work (default: a temporary folder), so that the command goes on where it was stopped.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { withTask } from '@mnas/core/architecture'
import { costsOf, lower } from '@mnas/core/graph'
import detection from '@mnas/plugin-detection'
import { drawPictures, mnasnetSpace, randomGenomes, writeShapes } from '@mnas/plugin-search'
import { provenance } from '../provenance.mjs'
import { kendall, spearman } from './rank-correlation.mjs'

const text = { type: 'string' }
const { values: asked } = parseArgs({
  options: {
    save: { type: 'boolean' },
    ...{ minutes: text, 'long-epochs': text, architectures: text, epochs: text, size: text, seed: text, data: text, width: text },
    ...{ threads: text, 'at-once': text, work: text },
  },
})
const number = (name, fallback) => (asked[name] === undefined ? fallback : Number(asked[name]))
if (asked.minutes && asked['long-epochs']) throw new Error('--long-epochs takes the place of --minutes: give one of them')
const longer = asked['long-epochs'] ? { epochs: number('long-epochs') } : { minutes: number('minutes', 5) }
const longerFlags = longer.epochs ? ['--epochs', `${longer.epochs}`] : ['--time', `${60 * longer.minutes}s`]
const [count, epochs, atOnce] = [number('architectures', 8), number('epochs', 5), number('at-once', 1)]
const threadFlags = asked.threads ? ['--threads', asked.threads] : []
const [size, seed, width] = [number('size', 160), number('seed', 0), number('width', 0.5)]
const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const work = asked.work ?? (await mkdtemp(join(tmpdir(), 'mnas-proxies-')))
const cacheFolder = join(work, 'cache')
/** Ends the trainings that run beside one that failed. */
const ended = new AbortController()
/** Of the head in a search's trainings. */
const headFilters = mnasnetSpace.proxyHeadFilters

/** What `mnas train` answers; a bundle that is there already answers the same. */
async function train(architecture, name, task, data, more) {
  const file = join(work, `${name}.json`)
  await writeFile(file, JSON.stringify(architecture))
  const from = ['train', file, '--task', task, '--data', data, '--seed', `${seed}`]
  const words = [...from, '--out', join(work, 'models', name), ...threadFlags, ...more, '--json']
  const env = { ...process.env, MNAS_CACHE_FOLDER: cacheFolder, MNAS_PROGRESS: 'none' }
  const settings = { env, maxBuffer: 2 ** 28, signal: ended.signal }
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words], settings)
  return JSON.parse(stdout)
}

/** As a search trains its candidates: few filters in the head, and the recipe `proxy`. */
const proxyOf = (architecture, task, inputSize) =>
  withTask({ ...architecture, head: { filters: headFilters }, input: { size: inputSize } }, task, {})

async function shapes() {
  const folder = join(work, 'shapes')
  await writeShapes(folder, { train: 400, val: 100, size: 160, seed: 7 })
  return folder
}

async function otherPictures() {
  const folder = join(work, 'pictures')
  await drawPictures({ folder, training: 120, validation: 10, size: 64, seed: 1 })
  return folder
}

async function cropsOf(folder) {
  const options = { folder, cacheFolder, cacheLimitBytes: 2 ** 31 }
  const dataset = await detection.open(options)
  const { fingerprint } = dataset
  await dataset.close()
  return detection.proxies.crops.data(options, fingerprint)
}

/** One architecture by every way and by its longer training. */
async function judge(genome, index) {
  const architecture = withTask(space.decode(genome), 'detection', {})
  const briefly = (way, task, from, inputSize) =>
    train(proxyOf(architecture, task, inputSize), `${index}-${way}`, task, from, ['--recipe', 'proxy', '--epochs', `${epochs}`])
  const byCrops = await briefly('crops', 'classification', crops.place.folder, cropSize)
  const byTransfer = await briefly('transfer', 'classification', others, Math.min(64, size))
  const byDetection = await briefly('detection', 'detection', data, size)
  const atLength = await train(architecture, `${index}-longer`, 'detection', data, ['--size', `${size}`, ...longerFlags])
  const { parameters, macs } = costsOf(lower(space.decode(genome), detection))
  const row = {
    ...{ name: architecture.name, parameters, macs, map50: atLength.metrics.map50, epochs: atLength.epochs },
    crops: byCrops.heldOut.top1,
    transfer: byTransfer.heldOut.top1,
    detection: detection.proxies.detection.quality.of(byDetection.heldOut),
  }
  const share = (value) => `${(100 * value).toFixed(1)} %`
  console.log(
    `${index + 1}/${count} ${row.name} ${(macs / 1e6).toFixed(1)} M: map50 ${share(row.map50)} after ${row.epochs} epochs; ` +
      `crops ${share(row.crops)}, transfer ${share(row.transfer)}, detection ${row.detection.toFixed(4)}`,
  )
  return row
}

/** The results in order, `--at-once` of them under way. The first failure ends the others. */
async function inLanes(items, work) {
  const results = []
  const rest = items.entries()
  const lane = async () => {
    for (const [index, item] of rest) results[index] = await work(item, index)
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, lane))
  } catch (error) {
    ended.abort()
    throw error
  }
  return results
}

await mkdir(work, { recursive: true })
const data = asked.data ?? (await shapes())
const [crops, others] = [await cropsOf(data), await otherPictures()]
for (const note of crops.notes) console.log(note)
const space = mnasnetSpace.create({ width, inputSize: size, task: { name: 'detection', options: { classes: 1 } } })
const cropSize = detection.proxies.crops.inputSize(size)
const genomes = randomGenomes(space, count, seed, 'proxies')
const rows = await inLanes(genomes, judge)
const truth = rows.map(({ map50 }) => map50)
const ways = ['crops', 'transfer', 'detection', 'macs'].map((way) => {
  const judged = rows.map((row) => row[way])
  return { way, spearman: spearman(judged, truth), kendall: kendall(judged, truth) }
})
const shown = (value) => (value === null ? 'none (all alike)' : value.toFixed(2))
for (const { way, spearman: rho, kendall: tau } of ways)
  console.log(`${way.padEnd(10)} ρ ${shown(rho)}  τ ${shown(tau)}  (n = ${count})`)
if (asked.save) {
  const told = Object.entries(asked).filter(([name]) => name !== 'data' && name !== 'work')
  const words = told.map(([name, value]) => (value === true ? `--${name}` : `--${name} ${value}`))
  const result = {
    ...provenance(['node bench/detection/proxies.mjs', ...words].join(' ')),
    settings: {
      ...{ seed, longer, epochs, size, width, atOnce, threads: asked.threads ? Number(asked.threads) : 'default' },
      data: asked.data ? 'other' : 'shapes, 400 + 100 pictures, seed 7',
    },
    ...{ ways, architectures: rows },
  }
  const target = fileURLToPath(new URL('../results/detection-proxies.json', import.meta.url))
  await writeFile(target, `${JSON.stringify(result, null, 2)}\n`)
}
if (asked.work === undefined) await rm(work, { recursive: true, force: true })
