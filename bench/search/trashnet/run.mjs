/**
 * One search of one hour on TrashNet at 128 px, and what its winner is worth beside two networks of the same latency: MobileNetV2 × 0.5, whose
 * latency on this host is the target, and MnasNet-A1, scaled to it.
 *
 *   node bench/search/trashnet/run.mjs FOLDER [--stage search|rungs|first|rest|table] [--time 1h] [--training 10m] [--seeds 0,1,2,3,4]
 *                                      [--threads N] [--record RECORD] [--save]
 *
 * Photos, searches and models lie in FOLDER. Every step is recorded in RECORD (FOLDER/record) and not done again: with
 * `--record bench/results/search-trashnet` the bench goes on where the published one stands, on another computer too.
 *
 * --stage search and --stage rungs (an hour each) and --stage first (trainings by the clock, seed 0) need the machine to themselves; --stage rest
 * trains the other seeds with the number of epochs that the first of their network had time for, so that whatever runs beside them changes nothing
 * (two at once, of one thread each: twice the command, each with its own --seeds). val/ is read by the trained networks alone, once each, at the
 * end. --stage table compares the networks by the seeds that all of them have.
 *
 * --stage rungs searches once more for as long, with `--rungs 2`: whether that pays. Left out, its network is not trained.
 *
 * Differences of top-1 come with a bootstrap over images (the same for both networks) and over seeds (drawn for each by itself). It is one search:
 * another one may find another network.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { provenance } from '../../provenance.mjs'
import { trashnet, unpacked } from '../../trashnet.mjs'
import { bootstrap } from './bootstrap.mjs'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const size = 128
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: 'string', default: 'table' },
    time: { type: 'string', default: '1h' },
    training: { type: 'string', default: '10m' },
    seeds: { type: 'string', default: '0,1,2,3,4' },
    threads: { type: 'string' },
    record: { type: 'string' },
    archive: { type: 'string', default: join(root, '../shared/data/trashnet160.tar') },
    save: { type: 'boolean', default: false },
  },
})
if (!positionals[0])
  throw new Error('Expected the folder of photos and models, received none: node bench/search/trashnet/run.mjs FOLDER')
const folder = resolve(positionals[0])
const record = resolve(options.record ?? join(folder, 'record'))
for (const place of [folder, record]) mkdirSync(place, { recursive: true })
const data = unpacked(options.archive, join(folder, 'data'))
const seeds = options.seeds.split(',').map(Number)
/** What each search is called in the table, its flags, and its record. */
const searches = [
  { name: 'winner', recordName: 'search', flags: [] },
  { name: 'winner with rungs', recordName: 'search-rungs', flags: ['--rungs', '2'] },
]

const target = recorded('target', () => timed(published('mobilenet-v2@0.5')))
if (options.stage === 'search') recorded(searches[0].recordName, () => searchOnce(searches[0]))
if (options.stage === 'rungs') recorded(searches[1].recordName, () => searchOnce(searches[1]))
if (options.stage === 'first') for (const network of networks()) trained(network, 0)
if (options.stage === 'rest') for (const seed of seeds) for (const network of networks()) trained(network, seed)
if (options.stage === 'table') tell(compared(networks()))

/** The winners of the searches that were made, and the published ones: what the table calls them, and what MODEL of `mnas train` is. */
function networks() {
  const found = searches.filter(({ recordName }) => has(recordName)).map(winnerOf)
  return [...found, ...['mobilenet-v2@0.5', recorded('scaled', scaledA1)].map((name) => ({ name, model: published(name) }))]
}

/** The architecture alone is needed of a search, and its record holds it. */
function winnerOf({ name, recordName }) {
  const { best, finalists, candidates, counts } = recorded(recordName)
  const { architecture } = [...finalists, ...candidates].find(({ id }) => id === best)
  return { name, model: architectureFile(`${recordName}-winner`, architecture), counts }
}

/** For the classes of the data, as the search's networks are: the layer for ImageNet's thousand would count in its latency. */
function published(name) {
  return architectureFile(name, mnas('arch', 'show', name, '--task-option', 'classes=6').architecture)
}

function architectureFile(name, architecture) {
  const file = join(folder, `${name}.json`)
  writeWhole(file, architecture)
  return file
}

function has(name) {
  return existsSync(join(record, `${name}.json`))
}

/** Two processes may write the same file at once. */
function writeWhole(file, content) {
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(content, null, 2)}\n`)
  renameSync(`${file}.${process.pid}`, file)
}

/** What was found once stands in a file of that name. */
function recorded(name, find) {
  const file = join(record, `${name}.json`)
  if (!has(name)) {
    const found = find()
    const { commit, clean, date, machine, node } = provenance('')
    writeWhole(file, { found, commit, clean, date, machine, node })
  }
  return JSON.parse(readFileSync(file, 'utf8')).found
}

/** As a user runs it. */
function mnas(...words) {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...words, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`mnas ${words.join(' ')}: ${stdout}`)
  return JSON.parse(stdout)
}

/** The first measurement that is stable: the target of a whole search should not hang on a burst of noise. Of ten unstable ones, the steadiest. */
function timed(model) {
  const tries = []
  while (tries.length < 10 && !tries.at(-1)?.stable) tries.push(timedOnce(model))
  const { latencyMs, spread, stable } = tries.reduce((best, next) => (next.stable || next.spread < best.spread ? next : best))
  return { model: basename(model, '.json'), latencyMs, spread, stable, tries: tries.length }
}

function timedOnce(model) {
  return mnas('device', 'benchmark', model, '--size', `${size}`, '--device', 'host', '--processes', '5')
}

/** Stopped and begun again, the search goes on in what is left of its hour. @returns its answer without the name of its folder */
function searchOnce({ recordName, flags }) {
  const budget = ['--target-latency', `${target.latencyMs}ms`, '--time', options.time]
  const where = ['--data', data, '--size', `${size}`, '--device', 'host', '--out', join(folder, recordName)]
  const { run, ...found } = mnas('search', ...where, ...budget, '--seed', '0', ...flags)
  return found
}

/** The width of A1, in steps of .05, whose latency is nearest to the target: wider ones are slower. */
function scaledA1() {
  const widths = Array.from({ length: 19 }, (_, step) => Number((0.1 + 0.05 * step).toFixed(2)))
  const measured = new Map()
  const at = (index) => {
    const name = `mnasnet-a1@${widths[index]}`
    if (!measured.has(name)) measured.set(name, recorded(name, () => timed(published(name))).latencyMs)
    return measured.get(name)
  }
  let [low, high] = [0, widths.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (at(middle) <= target.latencyMs) low = middle
    else high = middle
  }
  const distance = (index) => Math.abs(at(index) - target.latencyMs)
  return `mnasnet-a1@${widths[distance(low) <= distance(high) ? low : high]}`
}

/** With the clock for the first seed, by its number of epochs for all others. @returns which pictures of val/ it names rightly (1), by their names */
function trained(network, seed) {
  const name = `${network.name.replaceAll(' ', '-')}-${seed}`
  return recorded(name, () => {
    const clock = seed === 0 ? ['--time', options.training] : ['--epochs', `${trained(network, 0).epochs}`]
    const threads = options.threads ? ['--threads', options.threads] : []
    const out = join(folder, 'models', name)
    const flags = ['--data', data, '--size', `${size}`, ...clock, '--seed', `${seed}`, ...threads, '--out', out]
    const { epochs, metrics } = mnas('train', network.model, ...flags)
    const { predictions } = mnas('predict', out, join(data, 'val'))
    const right = predictions
      .map(({ image, output }) => [basename(image), Number(output.predictions[0].label === basename(dirname(image)))])
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, is]) => is)
    const top1 = mean(right)
    if (Math.abs(top1 - metrics.top1) > 1e-9) throw new Error(`predict says ${top1}, the training ${metrics.top1}`)
    return { epochs, top1, right: right.join('') }
  })
}

function compared(all) {
  const together = seeds.filter((seed) => all.every(({ name }) => has(`${name.replaceAll(' ', '-')}-${seed}`)))
  if (together.length === 0) throw new Error('Expected a seed by which all networks are trained, received none: --stage first')
  const found = all.map((network) => ({
    ...network,
    latencyMs: recorded(`latency-${network.name.replaceAll(' ', '-')}`, () => timed(network.model)).latencyMs,
    runs: together.map((seed) => trained(network, seed)),
  }))
  const [winner, ...others] = found.map(({ name, runs }) => ({ name, answers: runs.map(({ right }) => [...right].map(Number)) }))
  return {
    ...provenance('node bench/search/trashnet/run.mjs FOLDER --record bench/results/search-trashnet --save'),
    data: trashnet,
    target,
    seeds: together,
    networks: found.map(({ name, latencyMs, runs, counts }) => ({
      name,
      latencyMs,
      epochs: runs[0].epochs,
      top1: runs.map(({ top1 }) => top1),
      mean: mean(runs.map(({ top1 }) => top1)),
      ...(counts && { search: counts }),
    })),
    differences: others.map(({ name, answers }) => ({ over: name, ...bootstrap(winner.answers, answers) })),
  }
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function tell(result) {
  const percent = (share) => `${(100 * share).toFixed(1)}`
  console.log('| network | latency, ms | epochs | top-1 of each seed, % | mean |\n| --- | --- | --- | --- | --- |')
  for (const { name, latencyMs, epochs, top1, mean } of result.networks)
    console.log(`| ${name} | ${latencyMs.toFixed(2)} | ${epochs} | ${top1.map(percent).join(' ')} | ${percent(mean)} |`)
  for (const { over, at, from, to } of result.differences)
    console.log(`the winner over ${over}: ${percent(at)} points [${percent(from)}, ${percent(to)}]`)
  if (options.save) writeFileSync(join(root, 'bench/results/search-trashnet.json'), `${JSON.stringify(result, null, 2)}\n`)
}
