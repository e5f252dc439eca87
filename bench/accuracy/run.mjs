/**
 * Trains mnasnet-a1@0.5 from scratch on TrashNet for 20 minutes a seed, by `mnas train` as a user runs it, and prints a table of what it reaches
 * on val/. A seed that is done is not trained again; one that was interrupted begins anew, since its time counts.
 *
 *   node bench/accuracy/run.mjs [--seeds 0,1,2] [--time 20m] [--recipe quick] [--folder DIR] [--save]     exit 1 when the mean is below 78 %
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const leastTop1 = 0.78
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '0,1,2' },
    time: { type: 'string', default: '20m' },
    recipe: { type: 'string', default: 'quick' },
    folder: { type: 'string', default: join(tmpdir(), 'mnas-accuracy') },
    archive: { type: 'string', default: join(root, '../shared/data/trashnet160.tar') },
    save: { type: 'boolean', default: false },
  },
})

mkdirSync(options.folder, { recursive: true })
const data = unpacked()
const runs = options.seeds.split(',').map((seed) => ({ seed: Number(seed), ...train(seed) }))
const result = report(runs)
print(result)
if (options.save)
  writeFileSync(join(root, 'bench/results', `accuracy-${options.recipe}.json`), `${JSON.stringify(result, null, 2)}\n`)
process.exitCode = result.mean >= leastTop1 ? 0 : 1

/** 2,527 photos of litter in six classes, train/ and val/. */
function unpacked() {
  const folder = join(options.folder, 'data')
  if (!existsSync(folder)) {
    mkdirSync(folder)
    execFileSync('tar', ['xf', options.archive, '-C', folder])
  }
  const inner = readdirSync(folder).find((name) => !name.startsWith('.'))
  return join(folder, inner)
}

/** A training that was recorded counts as it was recorded: told again it takes no time. */
function train(seed) {
  const record = join(options.folder, `${options.recipe}-${seed}.json`)
  if (!existsSync(record)) {
    const out = join(options.folder, `${options.recipe}-${seed}`)
    const flags = ['--size', '160', '--time', options.time, '--recipe', options.recipe, '--seed', seed, '--out', out, '--json']
    rmSync(out, { recursive: true, force: true })
    const start = performance.now()
    const command = [join(root, 'bin/run.js'), 'train', 'mnasnet-a1@0.5', '--data', data, ...flags]
    const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    if (status !== 0) throw new Error(`mnas train ended with ${status}`)
    const answer = JSON.parse(stdout)
    writeFileSync(
      record,
      JSON.stringify({ commit: git('rev-parse', 'HEAD'), seconds: (performance.now() - start) / 1000, answer }),
    )
  }
  const { commit, seconds, answer } = JSON.parse(readFileSync(record, 'utf8'))
  const { metrics, epochs, heldOut } = answer
  const { top1, balancedAccuracy } = metrics
  return { commit, top1, balancedAccuracy, heldOutTop1: heldOut.top1, epochs, minutes: seconds / 60 }
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
}

function report(runs) {
  return {
    version: 1,
    command: `node bench/accuracy/run.mjs ${process.argv.slice(2).join(' ')}`.trim(),
    train: `mnas train mnasnet-a1@0.5 --data trashnet160 --size 160 --time ${options.time} --recipe ${options.recipe} --seed N`,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      platform: process.platform,
      node: process.version,
    },
    data: 'trashnet160: 2,028 photos in train/ (15 % of them held out), 499 in val/, six classes',
    mean: runs.reduce((sum, { top1 }) => sum + top1, 0) / runs.length,
    runs,
  }
}

function print({ mean, runs }) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`
  console.log('| seed | top-1 on val/ | balanced | top-1 held out | epochs | minutes |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const { seed, top1, balancedAccuracy, heldOutTop1, epochs, minutes } of runs) {
    const cells = [seed, ...[top1, balancedAccuracy, heldOutTop1].map(percent), epochs, minutes.toFixed(1)]
    console.log(`| ${cells.join(' | ')} |`)
  }
  console.log(`mean top-1 on val/: ${percent(mean)}`)
}
