/**
 * ImageNet's number of files, listed and started: a folder of 1,000 classes with 1,281,167 training and 50,000 validation images (hard links to
 * 137 COCO photos), opened as every command does, up to the first training batch. "first": nothing is known of the folder; "second": its scan
 * is remembered. Every start is a process of its own; medians over the rounds.
 *
 *   node bench/listing/run.mjs [--files 1281167] [--rounds 3] [--workers 2] [--folder F] [--keep] [--save]
 *
 * Exit 1 when a start exceeds the limits. --folder: where the links are made, and found again when --keep left them there.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: '1281167' },
    rounds: { type: 'string', default: '3' },
    workers: { type: 'string', default: '2' },
    data: { type: 'string', default: join(root, '../shared/data/coco137.tar') },
    folder: { type: 'string' },
    keep: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
})
const fields = ['openMs', 'firstBatchMs', 'totalMs', 'openCpuMs', 'cpuMs', 'openPeakMb', 'peakMb']
const limits = { firstSeconds: 60, peakMb: 1024 }
const classes = 1000
const counts = { train: Number(options.files), val: Math.round((Number(options.files) * 50_000) / 1_281_167) }

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'mnas-listing-'))
const made = join(folder, 'made.json')
const isThere = existsSync(made) && readFileSync(made, 'utf8') === JSON.stringify(counts)
if (!isThere && existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} holds something else`)
try {
  const makingSeconds = isThere ? 0 : makeFolder()
  const result = report(timeInTurn())
  print(result, makingSeconds)
  if (options.save) writeFileSync(join(root, 'bench/results/listing.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.withinLimits ? 0 : 1
} finally {
  if (!options.keep) rmSync(folder, { recursive: true, force: true })
}

/** Links in the layout of ImageNet, their names as long as its own. @returns seconds it took */
function makeFolder() {
  const started = performance.now()
  const photos = join(folder, 'photos')
  mkdirSync(photos, { recursive: true })
  execFileSync('tar', ['xf', options.data, '-C', photos])
  const sources = readdirSync(photos, { recursive: true })
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => join(photos, name))
  const padded = (number, digits) => String(number).padStart(digits, '0')
  for (const [part, count] of Object.entries(counts)) {
    for (let label = 0; label < classes; label++) {
      const name = `n${padded(1_440_764 + 7919 * label, 8)}`
      const target = join(folder, 'data', part, name)
      mkdirSync(target, { recursive: true })
      for (let file = label; file < count; file += classes) {
        const base = part === 'train' ? `${name}_${file}` : `ILSVRC2012_val_${padded(file, 8)}`
        linkSync(sources[(file * 31 + label) % sources.length], join(target, `${base}.JPEG`))
      }
    }
  }
  writeFileSync(made, JSON.stringify(counts))
  return (performance.now() - started) / 1000
}

function timeInTurn() {
  const runs = { first: [], second: [] }
  for (let round = 0; round < Number(options.rounds); round++) {
    const cache = mkdtempSync(join(tmpdir(), 'mnas-listing-cache-'))
    try {
      runs.first.push(open(cache))
      runs.second.push(open(cache))
    } finally {
      rmSync(cache, { recursive: true, force: true })
    }
  }
  return runs
}

function open(cache) {
  const script = fileURLToPath(new URL('open.mjs', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, join(folder, 'data'), cache, options.workers], {
    encoding: 'utf8',
    cwd: root,
  })
  if (status !== 0) throw new Error(`open.mjs failed: ${stderr}`)
  return JSON.parse(stdout)
}

function report(runs) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const all = [...runs.first, ...runs.second]
  const wrong = all.find(({ images, fingerprint }) => images !== counts.train + counts.val || fingerprint !== all[0].fingerprint)
  if (wrong) throw new Error(`a start saw something else: ${JSON.stringify(wrong)}`)
  const starts = Object.entries(runs).map(([name, own]) => {
    const medians = Object.fromEntries(fields.map((field) => [field, median(own.map((run) => run[field]))]))
    return { name, ...medians, runs: own }
  })
  return {
    version: 1,
    command: `node bench/listing/run.mjs ${process.argv.slice(2).join(' ')}`.trim(),
    commit: git('rev-parse', 'HEAD'),
    clean: git('status', '--porcelain') === '',
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      platform: process.platform,
      node: process.version,
    },
    data: { archive: 'coco137.tar', links: counts, classes },
    workers: Number(options.workers),
    limits,
    withinLimits: starts.every(({ totalMs, peakMb }) => totalMs <= 1000 * limits.firstSeconds && peakMb <= limits.peakMb),
    starts,
  }
}

function print({ starts }, makingSeconds) {
  const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1)
  console.log(`${counts.train} + ${counts.val} files in ${classes} classes, made in ${makingSeconds.toFixed(0)} s`)
  console.log('| scan | open, s | first batch after, s | together, s | CPU, s | peak memory, MB |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const { name, openMs, firstBatchMs, totalMs, cpuMs, peakMb } of starts)
    console.log(`| ${[name, ...[openMs, firstBatchMs, totalMs, cpuMs].map(seconds), peakMb.toFixed(0)].join(' | ')} |`)
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
