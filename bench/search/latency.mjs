/**
 * How well a search's latency model foretells networks that it has not seen, and how many it measures in full for each that it trains.
 *
 *   node bench/search/latency.mjs [--trials 20] [--unseen 20] [--size 128] [--target 4ms] [--strategy model] [--seed 0] [--out FOLDER] [--save]
 *
 * A real search on this host with trainings of a second (drawn pictures at 32 px, one epoch: what is trained says nothing of latency), then
 * `mnas search latency RUN --unseen 20`: random networks of the run's width with estimates from half the target to one and a half of it. Both
 * measure afresh, with a cache of their own. With --out, a run that was stopped goes on.
 *
 * Alone on a quiet machine. Exit 1 where the mean error is above 8 %, where more than 3 of 20 are faster than foretold by more than the stated
 * margin, or where a trained trial took more than 1.3 full measurements beside the calibration.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { defaultCacheFolder } from '@mnas/core/config'
import { drawPictures, openRun } from '@mnas/plugin-search'
import { cachedLibrary, libraryVariable } from '../../packages/tflite/dist/setup/find-library.js'
import { provenance } from '../provenance.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const limits = { meanError: 0.08, beyondOf20: 3, fullPerTrained: 1.3 }
const { values: options } = parseArgs({
  options: {
    trials: { type: 'string', default: '20' },
    unseen: { type: 'string', default: '20' },
    size: { type: 'string', default: '128' },
    target: { type: 'string', default: '4ms' },
    strategy: { type: 'string', default: 'model' },
    seed: { type: 'string', default: '0' },
    out: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
})
const { trials, unseen, size, target, strategy, seed } = options
const temporary = mkdtempSync(join(tmpdir(), 'mnas-latency-bench-'))
const run = resolve(options.out ?? join(temporary, 'run'))
const env = {
  ...process.env,
  MNAS_CACHE_FOLDER: join(temporary, 'cache'),
  MNAS_PROGRESS: 'plain',
  [libraryVariable]: process.env[libraryVariable] ?? cachedLibrary(defaultCacheFolder()),
}
const began = Date.now()
try {
  const pictures = join(temporary, 'pictures')
  await drawPictures({ folder: pictures, training: 32, validation: 4, size: 40, seed: 5 })
  const found = mnas(
    ...['search', '--data', pictures, '--out', run, '--device', 'host', '--size', size, '--target-latency', target],
    ...['--strategy', strategy, '--trials', trials, '--seed', seed, '--proxy-epochs', '1', '--proxy-size', '32'],
  )
  const search = { ...(await measurementsOf(run)), width: found.width, targetMs: found.targetMs, counts: found.counts }
  const own = mnas('search', 'show', run).latencyModel
  const { networks, ...heldOut } = mnas('search', 'latency', run, '--unseen', unseen, '--device', 'host')
  const fullPerTrained = search.fullOfTrials / found.counts.completed
  const withinLimits =
    heldOut.meanError <= limits.meanError &&
    heldOut.beyond <= (limits.beyondOf20 * networks.length) / 20 &&
    fullPerTrained <= limits.fullPerTrained
  const result = {
    ...provenance(`node bench/search/latency.mjs ${process.argv.slice(2).join(' ')}`.trim()),
    options: { trials, unseen, size, target, strategy, seed },
    seconds: Math.round((Date.now() - began) / 1000),
    limits,
    withinLimits,
    search: { ...search, fullPerTrained },
    leaveOneOut: own,
    heldOut: { ...heldOut, run: undefined, networks },
  }
  console.log(JSON.stringify({ ...result, heldOut: { ...heldOut, run: undefined } }, null, 2))
  if (options.save) writeFileSync(join(root, 'bench/results/search-latency.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = withinLimits ? 0 : 1
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

/** As a user runs it. @returns its answer */
function mnas(...words) {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...words, '--json'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`mnas ${words[0]} ${words[1]}: ${stdout}`)
  return JSON.parse(stdout)
}

/** Counted in the run's own record. */
async function measurementsOf(folder) {
  const { store } = await openRun(folder)
  try {
    const measured = store.events({ limit: 1_000_000 }).filter(({ kind }) => kind === 'measured')
    const full = measured.filter(({ effort }) => effort === 'full')
    return {
      calibration: full.filter(({ trial }) => trial === null).length,
      fullOfTrials: full.filter(({ trial }) => trial !== null).length,
      quick: measured.length - full.length,
      unstable: full.filter(({ stable }) => !stable).length,
    }
  } finally {
    store.close()
  }
}
