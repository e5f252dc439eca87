/**
 * Trains mnasnet-a1@0.5 as a detector from scratch, by `mnas train` as a user runs it, and has `mnas evaluate` judge it on val/.
 *
 *   node bench/detection/accuracy.mjs [--data shapes|coco137] [--seeds 0,1,2] [--minutes 8 | --epochs N]
 *     [--recipe FILE] [--three-anchors] [--save]
 *
 * shapes: 400 + 100 drawn pictures at 160 px, `quick`; coco137: 137 photos at 192 px, all of them to train on and to judge by,
 * `quick` without augmentation. --recipe focal.json, overlap-5.json or another file (of `recipes/` here or anywhere) in place of
 * `quick`: to compare losses and thresholds; where its loss is `focal` the scores start at −4.6. --three-anchors: so many for
 * each cell of the first map, not six. --epochs in place of --minutes: so many passes, however busy the machine is, so that
 * variants are comparable. With any of the three, --save writes a file of its own.
 *
 * Exit 1 where the mean map50 is below .55 (shapes) or .60 (coco137), or where a loss of coco137 does not fall as it has to.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { namedArchitecture, withTask } from '@mnas/core/architecture'
import { provenance } from '../provenance.mjs'
import { coco137In, shapesIn } from './accuracy/data.mjs'
import { lossCourse } from './accuracy/loss-course.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))
const network = 'mnasnet-a1@0.5'
/** Where scores start for `focal`: a probability of .01 (Lin et al. 2017, §3.3). */
const focalBias = -4.6
const dataSets = {
  shapes: { write: shapesIn, size: 160, least: 0.55, aim: 0.6, base: {}, lossFalls: false },
  coco137: { write: coco137In, size: 192, least: 0.6, base: readJson(here('recipes/no-augmentation.json')), lossFalls: true },
}
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: 'shapes' },
    seeds: { type: 'string', default: '0,1,2' },
    minutes: { type: 'string' },
    epochs: { type: 'string' },
    recipe: { type: 'string' },
    'three-anchors': { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
})
const dataSet = dataSets[options.data]
if (!dataSet) throw new Error(`--data: expected ${Object.keys(dataSets).join(' or ')}, received ${options.data}`)
if (options.minutes && options.epochs) throw new Error('--epochs takes the place of --minutes: give one of them')
const length = options.epochs ? { epochs: Number(options.epochs) } : { minutes: Number(options.minutes ?? 8) }
const lengthFlags = options.epochs ? ['--epochs', options.epochs] : ['--time', `${60 * length.minutes}s`]
const recipe = recipeFor(options.recipe, dataSet)
const variant = [
  options.recipe && basename(options.recipe, '.json'),
  options['three-anchors'] && 'three-anchors',
  options.epochs && `${options.epochs}-epochs`,
].filter(Boolean)

const folder = mkdtempSync(join(tmpdir(), 'mnas-detection-accuracy-'))
try {
  const data = await dataSet.write(join(folder, 'data'))
  const runs = options.seeds.split(',').map((seed) => ({ seed: Number(seed), ...trained(seed) }))
  const result = report(data, runs)
  print(result)
  const name = ['detection', options.data, ...variant].join('-')
  if (options.save) writeFileSync(join(root, 'bench/results', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.met ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The recipe FILE and, over it, what the data set takes out of every recipe. */
function recipeFor(name, { base }) {
  if (name === undefined) return { extends: 'quick', ...base }
  const file = [name, here(`recipes/${name}`)].find((path) => existsSync(path))
  if (!file) throw new Error(`--recipe: there is no file ${resolve(name)}`)
  const own = readJson(file)
  return { ...own, augmentation: { ...own.augmentation, ...base.augmentation } }
}

function trained(seed) {
  const [model, out] = [join(folder, 'network.json'), join(folder, `seed-${seed}`)]
  const startBias = recipe.loss?.kind === 'focal' ? focalBias : 0
  const anchors = { first: options['three-anchors'] ? 3 : 6 }
  writeFileSync(model, JSON.stringify(withTask(namedArchitecture(network), 'detection', { classes: 1, anchors, startBias })))
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe))
  const data = ['--data', join(folder, 'data')]
  const how = ['--recipe', join(folder, 'recipe.json'), '--size', `${dataSet.size}`, ...lengthFlags]
  const start = performance.now()
  const words = ['train', model, '--task', 'detection', ...data, ...how, '--seed', seed, '--out', out]
  const { epochs, history, heldOut } = mnas(words)
  const minutes = (performance.now() - start) / 60_000
  const { metrics } = mnas(['evaluate', out, ...data, '--split', 'validation'])
  const { map50, map, count } = metrics
  const losses = history.map(({ trainingLoss }) => trainingLoss)
  return { map50, map, heldOutMap50: heldOut.map50, pictures: count, minutes, epochs, loss: lossCourse(losses) }
}

function mnas(words) {
  const cache = join(folder, 'cache')
  mkdirSync(cache, { recursive: true })
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...words, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, MNAS_CACHE_FOLDER: cache },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`mnas ${words[0]} ended with ${status}`)
  return JSON.parse(stdout)
}

function report(data, runs) {
  const mean = runs.reduce((sum, { map50 }) => sum + map50, 0) / runs.length
  const { size, least, aim, lossFalls } = dataSet
  return {
    ...provenance(`node bench/detection/accuracy.mjs ${process.argv.slice(2).join(' ')}`.trim()),
    train: `mnas train ${network} --task detection --data ${options.data} --size ${size} ${lengthFlags.join(' ')} --seed N`,
    ...{ length, recipe, anchorsOfFirstMap: options['three-anchors'] ? 3 : 6 },
    ...{ data, limits: { map50: least, ...(aim && { aim }) }, mean },
    met: mean >= least && (!lossFalls || runs.every(({ loss }) => loss.halved && loss.falling)),
    runs,
  }
}

function print({ mean, met, data, runs }) {
  console.log(`${options.data}: ${data.training}; judged on ${data.validation}`)
  console.log(
    '| seed | map50 | map | map50 held out | epochs | minutes | last ten losses / first ten | highest ten / ten before |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
  for (const { seed, map50, map, heldOutMap50, epochs, minutes, loss } of runs) {
    const shares = [map50, map, heldOutMap50].map((value) => value.toFixed(3))
    const courses = [loss.lastToFirst, loss.steepestRise].map((value) => value?.toFixed(3) ?? 'too few epochs')
    console.log(`| ${[seed, ...shares, epochs, minutes.toFixed(1), ...courses].join(' | ')} |`)
  }
  console.log(`mean map50: ${mean.toFixed(3)}, ${met ? 'met' : 'missed'}`)
}
