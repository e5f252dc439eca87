/**
 * Trains mnasnet-a1@0.5 from scratch on TrashNet for 20 minutes a seed, by `mnas train` as a user runs it, and prints a table of what it reaches
 * on val/. A seed that is done is not trained again; one that was interrupted begins anew, since its time counts.
 *
 *   node bench/accuracy/run.mjs [--seeds 0,1,2] [--time 20m] [--recipe quick] [--folder DIR] [--save]     exit 1 when the mean is below 78 %
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { printRuns, trashnet, unpacked } from '../trashnet.mjs'

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
const data = unpacked(options.archive, join(options.folder, 'data'))
const runs = options.seeds.split(',').map((seed) => ({ seed: Number(seed), ...train(seed) }))
const result = report(runs)
printRuns(result)
if (options.save)
  writeFileSync(join(root, 'bench/results', `accuracy-${options.recipe}.json`), `${JSON.stringify(result, null, 2)}\n`)
process.exitCode = result.mean >= leastTop1 ? 0 : 1

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
    data: trashnet,
    mean: runs.reduce((sum, { top1 }) => sum + top1, 0) / runs.length,
    runs,
  }
}
