/**
 * This checkout against an earlier one, in turn on one machine: starting the program, a training step, decoding pictures for training.
 *
 *   node bench/against.mjs CHECKOUT [--pairs 7] [--data ../shared/data/coco137.tar] [--save]
 *
 * CHECKOUT is another clone, installed and built. Every side runs its own scripts of bench/, each in a process of its own; the median of the
 * ratios pair by pair is compared, so that a machine that changes its speed meets both alike. Exit 1 where one takes more than 3 % longer.
 *
 * A clone loads every command to start; an installed package has a list of them. To time this checkout as it is installed, write the lists
 * first: (cd packages/core && node ../../scripts/prepack.mjs), likewise plugin-search and plugin-device-android; "--undo" removes them.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { trainingProcessEnvironment } from '@mnas/core/jobs'
import { layOut } from './pipeline/lay-out.mjs'
import { provenance } from './provenance.mjs'
import { median } from './training/contenders.mjs'

const limit = 1.03
const here = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '7' },
    data: { type: 'string', default: join(here, '../shared/data/coco137.tar') },
    save: { type: 'boolean', default: false },
  },
})
if (!positionals[0]) throw new Error('Expected the folder of an earlier checkout, received none: node bench/against.mjs CHECKOUT')
const before = resolve(positionals[0])
const pairs = Number(values.pairs)
const photos = mkdtempSync(join(tmpdir(), 'mnas-against-data-'))
layOut(values.data, photos)

/** What is timed in a checkout: milliseconds by the clock and of processor time, where a script tells it. */
const cases = {
  'mnas --help': (root) => wallMs(root, [join(root, 'bin/run.js'), '--help']),
  'training step, standard, 96 px': (root) => stepMs(root, { mode: 'standard', size: 96, batch: 32 }),
  'training step, fast, 96 px': (root) => stepMs(root, { mode: 'fast', size: 96, batch: 32 }),
  'decoding, no worker': (root) => imageMs(root, 0),
  'decoding, 2 workers': (root) => imageMs(root, 2),
}

try {
  const results = Object.entries(cases).map(([name, timed]) => ({ name, ...compared(timed) }))
  const commitBefore = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: before, encoding: 'utf8' }).trim()
  const report = { ...provenance('node bench/against.mjs CHECKOUT'), before: commitBefore, pairs, limit, results }
  if (values.save) writeFileSync(join(here, 'bench/results/against.json'), `${JSON.stringify(report, null, 2)}\n`)
  for (const result of results) console.log(lineOf(result))
  process.exitCode = results.every(({ ratio }) => ratio <= limit) ? 0 : 1
} finally {
  rmSync(photos, { recursive: true, force: true })
}

function lineOf({ name, beforeMs, nowMs, ratio, processorRatio }) {
  const [was, is] = [beforeMs, nowMs].map((ms) => `${ms.toFixed(2).padStart(9)} ms`)
  const processor = processorRatio === null ? '' : `, processor time ${processorRatio.toFixed(3)} ×`
  return `${name.padEnd(32)} ${was} ${is}  ${ratio.toFixed(3)} ×${processor}`
}

/** The first pair fills the caches of the machine and is thrown away; who begins changes from pair to pair. */
function compared(timed) {
  const runs = Array.from({ length: pairs + 1 }, (_, index) => {
    const order = index % 2 === 0 ? [before, here] : [here, before]
    return Object.fromEntries(order.map((root) => [root, timed(root)]))
  }).slice(1)
  const of = (root, kind) => median(runs.map((run) => run[root][kind]))
  const ratio = (kind) => median(runs.map((run) => run[here][kind] / run[before][kind]))
  return {
    beforeMs: of(before, 'ms'),
    nowMs: of(here, 'ms'),
    ratio: ratio('ms'),
    processorRatio: runs[0][here].processorMs === undefined ? null : ratio('processorMs'),
    runs: runs.map((run) => [run[before], run[here]]),
  }
}

/** The mean of five starts, for one is shorter than what a machine does now and then. */
function wallMs(root, argv) {
  const start = performance.now()
  for (let run = 0; run < 5; run++) started(root, argv, { ...process.env, NODE_ENV: 'production' })
  return { ms: (performance.now() - start) / 5 }
}

function stepMs(root, job) {
  const argument = JSON.stringify({ ...job, threads: 2, steps: 7 })
  const told = answer(root, [join(root, 'bench/training/engine.mjs'), argument], trainingProcessEnvironment())
  return { ms: median(told.stepMs), processorMs: told.processorMs }
}

function imageMs(root, workers) {
  const argv = [join(root, 'bench/pipeline/ours.mjs'), join(photos, 'photos'), String(workers), '4']
  const { imagesPerSecond, cpuMsPerImage } = answer(root, argv, process.env)
  return { ms: 1000 / imagesPerSecond, processorMs: cpuMsPerImage }
}

function answer(root, argv, env) {
  return JSON.parse(started(root, argv, env).trim().split('\n').at(-1))
}

function started(cwd, argv, env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', cwd, env })
  if (status !== 0) throw new Error(`${argv.join(' ')} failed: ${stderr}`)
  return stdout
}
