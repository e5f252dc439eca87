/**
 * JPEG files → batches of 224 px for training (random resized crop, flip), nothing cached: ours against torchvision, in turn, medians.
 * "1 core": each pinned to one core, everything in one process. "2 workers": two decoding threads or processes, not pinned.
 *
 *   MNAS_PYTHON="$(.ci/python)" node bench/pipeline/run.mjs [--rounds 5] [--seconds 10] [--save]     exit 1 when a ratio is below 1
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { layOut } from './lay-out.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    data: { type: 'string', default: join(root, '../shared/data/coco137.tar') },
    save: { type: 'boolean', default: false },
  },
})
const python = process.env.MNAS_PYTHON
if (!python) throw new Error('Set MNAS_PYTHON to a Python with torchvision: MNAS_PYTHON="$(.ci/python)" (bench/README.md)')

const folder = mkdtempSync(join(tmpdir(), 'mnas-pipeline-data-'))
try {
  const images = layOut(options.data, folder)
  const result = report(timeInTurn(), images)
  print(result)
  if (options.save) writeFileSync(join(root, 'bench/results/pipeline.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.cases.every(({ ratio }) => ratio >= 1) ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Every side of every case once a round. */
function timeInTurn() {
  const cases = [
    { name: '1 core', workers: 0, pinned: true },
    { name: '2 workers', workers: 2, pinned: false },
  ].map((one) => ({ ...one, ours: [], peer: [] }))
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const one of cases) {
      one.ours.push(measure(process.execPath, here('ours.mjs'), one))
      one.peer.push(measure(python, here('torchvision_peer.py'), one))
    }
  }
  return cases
}

function measure(program, script, { workers, pinned }) {
  const command = [program, script, join(folder, 'photos'), String(workers), options.seconds]
  const [first, ...rest] = pinned ? ['taskset', '-c', '0', ...command] : command
  const { status, stdout, stderr } = spawnSync(first, rest, { encoding: 'utf8', cwd: root })
  if (status !== 0) throw new Error(`${command.join(' ')} failed: ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

function report(cases, images) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const inPackage = (expression) =>
    JSON.parse(
      execFileSync(process.execPath, ['-p', `JSON.stringify(${expression})`], {
        cwd: join(root, 'packages/images'),
        encoding: 'utf8',
      }),
    )
  const sharp = inPackage("require('sharp').versions")
  const jpegTurbo = inPackage("require('@julusian/jpeg-turbo/package.json').version")
  return {
    version: 1,
    command: `node bench/pipeline/run.mjs ${process.argv.slice(2).join(' ')}`.trim(),
    commit: git('rev-parse', 'HEAD'),
    clean: git('status', '--porcelain') === '',
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      platform: process.platform,
      node: process.version,
    },
    versions: { jpegTurbo, sharp: sharp.sharp, vips: sharp.vips, ...cases[0].peer[0].versions },
    data: { archive: 'coco137.tar', images },
    seconds: Number(options.seconds),
    cases: cases.map(({ name, ours, peer }) => {
      const sides = { ours, torchvision: peer }
      const medians = (field) => Object.fromEntries(Object.entries(sides).map(([side, runs]) => [side, medianOf(runs, field)]))
      const imagesPerSecond = medians('imagesPerSecond')
      const ratio = imagesPerSecond.ours / imagesPerSecond.torchvision
      return { name, imagesPerSecond, ratio, cpuMsPerImage: medians('cpuMsPerImage'), runs: sides }
    }),
  }
}

function print({ cases }) {
  const number = (value, digits) => (value === null ? '' : value.toFixed(digits))
  console.log('| case | ours, img/s | torchvision, img/s | ratio | ours, CPU ms/img | torchvision, CPU ms/img |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const { name, imagesPerSecond: rate, ratio, cpuMsPerImage: cpu } of cases) {
    const cells = [rate.ours, rate.torchvision].map((value) => number(value, 0))
    console.log(`| ${[name, ...cells, number(ratio, 2), number(cpu.ours, 2), number(cpu.torchvision, 2)].join(' | ')} |`)
  }
}

function medianOf(runs, field) {
  const values = runs.map((run) => run[field])
  return values.includes(null) ? null : median(values)
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
