/**
 * COCO's evaluation of 5,000 images with 500,000 detections: ours against faster-coco-eval (or pycocotools), in turn, each in a
 * process of its own on one core. Evaluate and accumulate are timed, by the processor's seconds; memory is the peak of the whole
 * process, JSON included. The data are those of ../shared/prototypes/coco-eval/d_gen.py (seed 2017).
 *
 *   python3 -m venv ~/coco && ~/coco/bin/pip install -r bench/detection/requirements.txt
 *   MNAS_COCO_PYTHON=~/coco/bin/python node bench/detection/evaluation.mjs [--rounds 7] [--data FOLDER]
 *     [--peer pycocotools] [--save]
 *
 * Exit 1 above .25 of the peer's time, above 350 MB, or where a number differs by more than 1e-9.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { provenance } from '../provenance.mjs'

const limits = { ratio: 0.25, megabytes: 350, difference: 1e-9 }
const root = fileURLToPath(new URL('../..', import.meta.url))
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    data: { type: 'string' },
    peer: { type: 'string', default: 'faster-coco-eval' },
    save: { type: 'boolean', default: false },
  },
})
const python = process.env.MNAS_COCO_PYTHON
if (!python) throw new Error('Set MNAS_COCO_PYTHON to a Python with bench/detection/requirements.txt')

const made = options.data ? null : mkdtempSync(join(tmpdir(), 'mnas-coco-'))
try {
  if (made) execFileSync(python, [join(root, '../shared/prototypes/coco-eval/d_gen.py'), made], { stdio: 'ignore' })
  const result = report(timeInTurn(options.data ?? made))
  console.log(JSON.stringify({ ...result, samples: undefined }, null, 2))
  if (options.save) writeFileSync(join(root, 'bench/results/detection-evaluation.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.met ? 0 : 1
} finally {
  if (made) rmSync(made, { recursive: true, force: true })
}

function timeInTurn(folder) {
  const samples = { ours: [], peer: [] }
  for (let round = 0; round < Number(options.rounds); round++) {
    samples.ours.push(measure([process.execPath, here('ours.mjs'), folder]))
    samples.peer.push(measure([python, here('coco_peer.py'), folder, options.peer]))
  }
  return samples
}

function measure(command) {
  const { status, stdout, stderr } = spawnSync('taskset', ['-c', '0', ...command], { encoding: 'utf8', cwd: root })
  if (status !== 0) throw new Error(`${command.join(' ')} failed: ${stderr}`)
  return JSON.parse(stdout)
}

function report(samples) {
  const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
  const of = (side) => ({
    cpuSeconds: median(samples[side].map(({ cpuSeconds }) => cpuSeconds)),
    megabytes: Math.max(...samples[side].map(({ megabytes }) => Math.round(megabytes))),
  })
  const [ours, peer] = [of('ours'), of('peer')]
  const ratio = median(samples.ours.map(({ cpuSeconds }, round) => cpuSeconds / samples.peer[round].cpuSeconds))
  const expected = samples.peer[0].numbers
  const difference = Math.max(...Object.values(samples.ours[0].numbers).map((number, at) => Math.abs(number - expected[at])))
  return {
    ...provenance('node bench/detection/evaluation.mjs --save'),
    peerName: options.peer,
    rounds: samples.ours.length,
    data: { images: 5000, detections: 500_000, seed: 2017 },
    ...{ ours, peer, ratio, difference, limits },
    met: ratio <= limits.ratio && ours.megabytes <= limits.megabytes && difference <= limits.difference,
    samples,
  }
}
