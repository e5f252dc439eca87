/**
 * One training step of SSDLite on mnasnet-a1@0.5: 320 px, 16 pictures, 80 classes, multibox loss, RMSProp, weight average. Our
 * engine's fast mode against PyTorch channels_last with its best malloc settings, in turn, each in a process of its own, both
 * with the same graph, weights, pictures and targets: parameters and anchors have to be as many, and the loss of the first step
 * the same to 1e-3.
 *
 *   MNAS_PYTHON="$(.ci/python)" node bench/detection/step.mjs [--pairs 7] [--steps 5] [--threads 1,2] [--anchors 3,6]
 *     [--entropy short] [--save]
 *
 * --anchors: for each cell of the first map. --entropy short|one-hot: how step/torch_ssdlite.py writes PyTorch's class loss.
 * Exit 1 where, with three anchors, the median of the pairs' ratios is below 1.20 or our memory above .6 of PyTorch's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { trainingProcessEnvironment } from '@mnas/core/jobs'
import { provenance } from '../provenance.mjs'
import { child, mallocSettings, median } from '../training/contenders.mjs'
import { detectorStep, writePeerJob } from './step/network.mjs'

const limits = { ratio: 1.2, aim: 1.25, memory: 0.6, lossDifference: 1e-3 }
/** Anchors for each cell of the first map for which the limits hold. */
const judged = 3
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const text = (value) => ({ type: 'string', default: value })
const { values: options } = parseArgs({
  options: {
    ...{ pairs: text('7'), steps: text('5'), threads: text('1,2'), anchors: text('3,6'), entropy: text('short') },
    save: { type: 'boolean', default: false },
  },
})
const [pairs, steps] = [options.pairs, options.steps].map(Number)
const [threadCounts, anchorCounts] = [options.threads, options.anchors].map((list) => list.split(',').map(Number))
const python = process.env.MNAS_PYTHON
if (!python) throw new Error('Set MNAS_PYTHON to a Python with torch: MNAS_PYTHON="$(.ci/python)" (bench/README.md)')

const results = []
for (const first of anchorCounts) results.push(...(await measure(first)))
const report = {
  ...provenance(`node bench/detection/step.mjs ${process.argv.slice(2).join(' ')}`.trim()),
  ...{ pairs, steps, entropy: options.entropy, limits },
  met: results.every(({ met }) => met),
  results,
}
if (options.save) writeFileSync(here('../results/detection-step.json'), `${JSON.stringify(report, null, 2)}\n`)
process.exitCode = report.met ? 0 : 1

async function measure(first) {
  const folder = mkdtempSync(join(tmpdir(), 'mnas-detection-step-'))
  try {
    await writePeerJob(folder, detectorStep(first))
    return threadCounts.map((threads) => {
      const result = summary(first, threads, inTurn(first, threads, folder))
      print(result)
      return result
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function inTurn(first, threads, folder) {
  const samples = { ours: [], peer: [] }
  const ours = JSON.stringify({ first, threads, steps, mode: 'fast' })
  const theirs = JSON.stringify({ threads, steps, entropy: options.entropy })
  for (let pair = 0; pair < pairs; pair++) {
    samples.ours.push(child(process.execPath, [here('step/engine.mjs'), ours], trainingProcessEnvironment()))
    samples.peer.push(child(python, [here('step/torch_peer.py'), folder, theirs], { ...process.env, ...mallocSettings }))
    requireSame(samples.ours[pair], samples.peer[pair])
  }
  return samples
}

/** Of what differs no ratio is told. */
function requireSame(ours, peer) {
  for (const count of ['parameters', 'anchors'])
    if (ours[count] !== peer[count]) throw new Error(`${count} differ: ours ${ours[count]}, PyTorch's ${peer[count]}`)
  const difference = differenceOf(ours, peer)
  if (difference > limits.lossDifference)
    throw new Error(`first losses differ: ours ${ours.losses[0]}, PyTorch's ${peer.losses[0]}`)
}

function differenceOf(ours, peer) {
  return Math.abs(ours.losses[0] / peer.losses[0] - 1)
}

function summary(first, threads, samples) {
  const [ours, peer] = [sideOf(samples.ours), sideOf(samples.peer)]
  const ratios = samples.ours.map((one, pair) => median(samples.peer[pair].stepMs) / median(one.stepMs))
  const processorRatios = samples.ours.map((one, pair) => samples.peer[pair].processorMs / one.processorMs)
  const [ratio, memory] = [median(ratios), ours.peakMegabytes / peer.peakMegabytes]
  const { parameters, anchors, losses } = samples.ours[0]
  return {
    ...{ anchorsOfFirstMap: first, threads, parameters, anchors },
    firstLoss: { ours: losses[0], peer: samples.peer[0].losses[0], difference: differenceOf(samples.ours[0], samples.peer[0]) },
    ...{ ours, peer, ratio, processorRatio: median(processorRatios), memory },
    met: first !== judged || (ratio >= limits.ratio && memory <= limits.memory),
    ...{ ratios, processorRatios },
  }
}

function sideOf(list) {
  return {
    mode: list[0].mode,
    stepMs: median(list.map(({ stepMs }) => median(stepMs))),
    processorMs: median(list.map(({ processorMs }) => processorMs)),
    createMs: median(list.map(({ createMs }) => createMs)),
    peakMegabytes: Math.max(...list.map(({ peakMegabytes }) => Math.round(peakMegabytes))),
  }
}

function print({ anchorsOfFirstMap, threads, parameters, anchors, firstLoss, ours, peer, ratio, processorRatio, memory }) {
  console.log(`\n${anchorsOfFirstMap} anchors on the first map, threads: ${threads}`)
  console.log(`  ${parameters} parameters and ${anchors} anchors on both sides`)
  console.log(
    `  first loss ${firstLoss.ours.toFixed(4)} and ${firstLoss.peer.toFixed(4)}: ${firstLoss.difference.toExponential(1)} apart`,
  )
  for (const [name, side] of Object.entries({ 'mnas fast': ours, 'torch channels_last': peer })) {
    const columns = [side.stepMs, side.processorMs].map((ms) => ms.toFixed(0).padStart(6))
    console.log(
      `  ${name.padEnd(20)}${columns[0]} ms a step  ${columns[1]} ms of processor  ${String(side.peakMegabytes).padStart(5)} MB`,
    )
  }
  const shown = [ratio, processorRatio, memory].map((value) => value.toFixed(2))
  console.log(`  ratio ${shown[0]}, of processor times ${shown[1]}, of memory ${shown[2]}`)
}
