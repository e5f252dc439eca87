/**
 * How well a search's ways of judging rank detectors: for some architectures of the space, each way's quality beside map50 of a longer training as
 * a detector, as rank correlations (Spearman's ρ and Kendall's τ-b). Whatever comes out is what it says.
 *
 *   crops      top-1 of a classifier of the objects cut out of the photos, recipe `proxy`
 *   transfer   top-1 of a classifier of other pictures (those of `mnas demo`), recipe `proxy`
 *   detection  the detector itself, recipe `proxy`: its early quality
 *
 *   node bench/detection/proxies.mjs [--save] [--minutes 5] [--architectures 8] [--epochs 5] [--size 160] [--seed 0] [--data DIR] [--width .5]
 *
 * Without --data: 400 + 100 pictures of shapes. `--minutes` is for each longer training. What was trained stays in --work (a folder, default
 * temporary), so that the command goes on where it was stopped.
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
    ...{ minutes: text, architectures: text, epochs: text, size: text, seed: text, data: text, width: text, work: text },
  },
})
const number = (name, fallback) => (asked[name] === undefined ? fallback : Number(asked[name]))
const [minutes, count, epochs] = [number('minutes', 5), number('architectures', 8), number('epochs', 5)]
const [size, seed, width] = [number('size', 160), number('seed', 0), number('width', 0.5)]
const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const work = asked.work ?? (await mkdtemp(join(tmpdir(), 'mnas-proxies-')))
const cacheFolder = join(work, 'cache')
/** Of the head in a search's trainings. */
const headFilters = mnasnetSpace.proxyHeadFilters

/** What `mnas train` answers; a bundle that is there already answers the same. */
async function train(architecture, name, task, data, ...more) {
  const file = join(work, `${name}.json`)
  await writeFile(file, JSON.stringify(architecture))
  const words = [
    'train',
    file,
    '--task',
    task,
    '--data',
    data,
    '--seed',
    String(seed),
    '--out',
    join(work, 'models', name),
    ...more,
    '--json',
  ]
  const env = { ...process.env, MNAS_CACHE_FOLDER: cacheFolder, MNAS_PROGRESS: 'none' }
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words], { env, maxBuffer: 2 ** 28 })
  return JSON.parse(stdout)
}

/** As a search trains its candidates: few filters in the head, and the recipe `proxy`. */
const proxyOf = (architecture, task, inputSize) =>
  withTask({ ...architecture, head: { filters: headFilters }, input: { size: inputSize } }, task, {})
const briefly = ['--recipe', 'proxy', '--epochs', String(epochs)]

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

await mkdir(work, { recursive: true })
const data = asked.data ?? (await shapes())
const [crops, others] = [await cropsOf(data), await otherPictures()]
for (const note of crops.notes) console.log(note)
const space = mnasnetSpace.create({ width, inputSize: size, task: { name: 'detection', options: { classes: 1 } } })
const rows = []
for (const [index, genome] of randomGenomes(space, count, seed, 'proxies').entries()) {
  const architecture = withTask(space.decode(genome), 'detection', {})
  const cropSize = detection.proxies.crops.inputSize(size)
  const run = (name, task, from, inputSize) =>
    train(proxyOf(architecture, task, inputSize), `${index}-${name}`, task, from, ...briefly)
  const byCrops = await run('crops', 'classification', crops.place.folder, cropSize)
  const byTransfer = await run('transfer', 'classification', others, Math.min(64, size))
  const byDetection = await run('detection', 'detection', data, size)
  const longer = await train(
    architecture,
    `${index}-longer`,
    'detection',
    data,
    '--size',
    String(size),
    '--time',
    `${60 * minutes}s`,
  )
  const { parameters, macs } = costsOf(lower(space.decode(genome), detection))
  const row = {
    ...{ name: architecture.name, parameters, macs, map50: longer.metrics.map50, epochs: longer.epochs },
    crops: byCrops.heldOut.top1,
    transfer: byTransfer.heldOut.top1,
    detection: detection.proxies.detection.quality.of(byDetection.heldOut),
  }
  rows.push(row)
  const share = (value) => `${(100 * value).toFixed(1)} %`
  console.log(
    `${index + 1}/${count} ${row.name} ${(macs / 1e6).toFixed(1)} M: map50 ${share(row.map50)} after ${row.epochs} epochs; crops ${share(row.crops)}, ` +
      `transfer ${share(row.transfer)}, detection ${row.detection.toFixed(4)}`,
  )
}
const truth = rows.map(({ map50 }) => map50)
const ways = ['crops', 'transfer', 'detection', 'macs'].map((way) => {
  const judged = rows.map((row) => row[way])
  return { way, spearman: spearman(judged, truth), kendall: kendall(judged, truth) }
})
const shown = (value) => (value === null ? 'none (all alike)' : value.toFixed(2))
for (const { way, spearman: rho, kendall: tau } of ways)
  console.log(`${way.padEnd(10)} ρ ${shown(rho)}  τ ${shown(tau)}  (n = ${count})`)
if (asked.save) {
  const command = `node bench/detection/proxies.mjs --save --minutes ${minutes} --architectures ${count} --epochs ${epochs} --size ${size} --width ${width}`
  const settings = { seed, minutes, epochs, size, width, data: asked.data ? 'other' : 'shapes, 400 + 100 pictures, seed 7' }
  const target = fileURLToPath(new URL('../results/detection-proxies.json', import.meta.url))
  await writeFile(target, `${JSON.stringify({ ...provenance(command), settings, ways, architectures: rows }, null, 2)}\n`)
}
if (asked.work === undefined) await rm(work, { recursive: true, force: true })
