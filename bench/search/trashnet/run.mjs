/**
 * One search of one hour on TrashNet at 128 px, and what its winner is worth beside two networks of the same latency: MobileNetV2 × 0.5, whose
 * latency on this host is the target, and MnasNet-A1, scaled to it.
 *
 *   node bench/search/trashnet/run.mjs FOLDER [--stage search|rungs|first|rest|all] [--time 1h] [--training 10m] [--seeds 5] [--save]
 *
 * Every step is recorded in FOLDER and not done again. --stage search and --stage rungs (an hour each) and --stage first (trainings by the clock,
 * seed 0) need the machine to themselves; --stage rest trains the other seeds with the number of epochs that the first of their network had time
 * for, so that whatever runs beside them changes nothing. val/ is read by the trained networks alone, once each, at the end.
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
    stage: { type: 'string', default: 'all' },
    time: { type: 'string', default: '1h' },
    training: { type: 'string', default: '10m' },
    seeds: { type: 'string', default: '5' },
    archive: { type: 'string', default: join(root, '../shared/data/trashnet160.tar') },
    save: { type: 'boolean', default: false },
  },
})
if (!positionals[0])
  throw new Error('Expected the folder of the results, received none: node bench/search/trashnet/run.mjs FOLDER')
const folder = resolve(positionals[0])
mkdirSync(folder, { recursive: true })
const data = unpacked(options.archive, join(folder, 'data'))
const wanted = (stage) => options.stage === 'all' || options.stage === stage
const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed)
/** Folders of the searches by the name of their winner. */
const runs = { winner: join(folder, 'search'), 'winner with rungs': join(folder, 'search-rungs') }

const target = recorded('target', () => timed('mobilenet-v2@0.5'))
if (wanted('search')) recorded('search', () => searchOnce(runs.winner))
if (wanted('rungs')) recorded('search-rungs', () => searchOnce(runs['winner with rungs'], ['--rungs', '2']))
if (wanted('first') || wanted('rest')) {
  const published = recorded('published', () => ['mobilenet-v2@0.5', scaledA1()])
  const networks = [...Object.values(runs).filter((run) => existsSync(`${run}.json`)), ...published]
  if (wanted('first')) for (const network of networks) trained(network, 0)
  if (wanted('rest')) {
    for (const seed of seeds.slice(1)) for (const network of networks) trained(network, seed)
    tell(compared(networks))
  }
}

/** What was found once stands in a file of that name. */
function recorded(name, find) {
  const file = join(folder, `${name}.json`)
  if (!existsSync(file)) {
    const found = find()
    const { commit, clean, date, machine, node } = provenance('')
    writeFileSync(`${file}.new`, `${JSON.stringify({ found, commit, clean, date, machine, node }, null, 2)}\n`)
    renameSync(`${file}.new`, file)
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
  return { model, latencyMs, spread, stable, tries: tries.length }
}

function timedOnce(model) {
  return mnas('device', 'benchmark', model, '--size', `${size}`, '--device', 'host', '--processes', '5')
}

/** Stopped and begun again, the search goes on in what is left of its hour. */
function searchOnce(run, flags = []) {
  const budget = ['--target-latency', `${target.latencyMs}ms`, '--time', options.time]
  return mnas('search', '--data', data, '--size', `${size}`, '--device', 'host', ...budget, '--out', run, '--seed', '0', ...flags)
}

/** The width of A1, in steps of .05, whose latency is nearest to the target: wider ones are slower. */
function scaledA1() {
  const widths = Array.from({ length: 19 }, (_, step) => Number((0.1 + 0.05 * step).toFixed(2)))
  const measured = new Map()
  const at = (index) => {
    const name = `mnasnet-a1@${widths[index]}`
    if (!measured.has(name)) measured.set(name, recorded(name, () => timed(name)).latencyMs)
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

function nameOf(network) {
  return Object.keys(runs).find((name) => runs[name] === network) ?? network
}

function fileNameOf(network) {
  return nameOf(network).replaceAll(' ', '-')
}

/** With the clock for the first seed, by its number of epochs for all others. @returns the answer and which pictures of val/ it names rightly */
function trained(network, seed) {
  const name = fileNameOf(network)
  const out = join(folder, 'models', `${name}-${seed}`)
  return recorded(`${name}-${seed}`, () => {
    const clock = seed === 0 ? ['--time', options.training] : ['--epochs', `${trained(network, 0).epochs}`]
    const { epochs, metrics } = mnas(
      'train',
      network,
      '--data',
      data,
      '--size',
      `${size}`,
      ...clock,
      '--seed',
      `${seed}`,
      '--out',
      out,
    )
    const { predictions } = mnas('predict', out, join(data, 'val'))
    const right = predictions.map(({ image, output }) => [
      basename(image),
      Number(output.predictions[0].label === basename(dirname(image))),
    ])
    const top1 = right.reduce((sum, [, is]) => sum + is, 0) / right.length
    if (Math.abs(top1 - metrics.top1) > 1e-9) throw new Error(`predict says ${top1}, the training ${metrics.top1}`)
    return { epochs, top1, right: Object.fromEntries(right) }
  })
}

function compared(networks) {
  const all = networks.map((network) => ({ name: nameOf(network), runs: seeds.map((seed) => trained(network, seed)) }))
  const files = networks.map((network) => (isSearched(network) ? join(folder, 'models', `${fileNameOf(network)}-0`) : network))
  const latencies = files.map((file, index) => recorded(`latency-${fileNameOf(networks[index])}`, () => timed(file)))
  const images = Object.keys(all[0].runs[0].right)
  const answers = all.map(({ runs }) => runs.map(({ right }) => images.map((image) => right[image])))
  return {
    ...provenance('node bench/search/trashnet/run.mjs FOLDER --save'),
    data: trashnet,
    target,
    searches: Object.fromEntries(networks.filter(isSearched).map((network) => [nameOf(network), countsOf(network)])),
    networks: all.map(({ name, runs }, index) => ({
      name,
      latencyMs: latencies[index].latencyMs,
      epochs: runs[0].epochs,
      top1: runs.map(({ top1 }) => top1),
      mean: runs.reduce((sum, { top1 }) => sum + top1, 0) / runs.length,
    })),
    differences: answers.slice(1).map((other, index) => ({ over: all[index + 1].name, ...bootstrap(answers[0], other) })),
  }
}

function isSearched(network) {
  return Object.values(runs).includes(network)
}

function countsOf(run) {
  return JSON.parse(readFileSync(`${run}.json`, 'utf8')).found.counts
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
