/**
 * Files of trained detectors against the engine, on all pictures of val/: the same detections, errors of boxes and scores, mAP50
 * of both, in LiteRT's C library, LiteRT.js and the Python package; the operator against the rules of our own on the same raw
 * answers; latencies with it and without, on photos.
 *
 *   node bench/detection/deploy.mjs --models shapes=models/shapes,coco137=models/coco --data shapes=shapes,coco137=coco137
 *     [--calibration 200] [--seed 0] [--pairs 7] [--save]
 *
 * The Python package takes part where MNAS_QUANTIZER_PYTHON names a Python that has bench/deploy/requirements.txt. Latencies:
 * LiteRT, one thread, a fresh process and 50 runs on 25 photos a time, all files in turn; the median of their medians. What the
 * operator takes: the mean over the photos of the difference of their quickest runs. Exit 1 where float32 is not the engine to
 * 1e-4, .99 of the pictures and .002 mAP50, where the operator is not our rules, or where int8 loses more than .05.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { defaultCacheFolder } from '@mnas/core/config'
import { renormalize } from '@mnas/core/graph'
import { median } from '@mnas/core/measurement'
import { liteRt } from '@mnas/tflite'
import { openWorkshop } from '../deploy/workshop.mjs'
import { provenance } from '../provenance.mjs'
import { pythonRuntime } from './python-reader.mjs'

const core = (path) => import(new URL(`../../packages/core/dist/deployment/${path}`, import.meta.url))
const { operatorCost } = await core('timing/operator-cost.js')
const { drawTimingPhotos } = await core('timing/timing-photos.js')
const { asStored } = await core('verification/real-values.js')
const { examplesOf, picked } = await core('verification/example.js')
const { validationBatches } = await core('verification/verification-inputs.js')

const root = fileURLToPath(new URL('../..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    models: { type: 'string' },
    data: { type: 'string' },
    calibration: { type: 'string', default: '200' },
    seed: { type: 'string', default: '0' },
    pairs: { type: 'string', default: '7' },
    save: { type: 'boolean', default: false },
  },
})
if (!options.models || !options.data)
  throw new Error('Say which models (--models NAME=FOLDER,…) and their pictures (--data NAME=DIR,…)')
const pairsOf = (text) => text.split(',').map((pair) => pair.split('='))
const dataOf = new Map(pairsOf(options.data))
const python = process.env.MNAS_QUANTIZER_PYTHON
const precisions = ['float32', 'weights', 'dynamic', 'int8']
const limits = { error: 1e-4, sameDetections: 0.99, map50: 0.002, int8Loss: 0.05 }
const { signal } = new AbortController()
const around = { cacheFolder: defaultCacheFolder(), signal, warn: console.warn }

const folder = mkdtempSync(join(tmpdir(), 'mnas-detectors-'))
try {
  const models = {}
  for (const [name, bundle] of pairsOf(options.models)) {
    models[name] = await judge(name, bundle, dataOf.get(name))
    print(name, models[name])
  }
  const result = {
    ...provenance(`node bench/detection/deploy.mjs ${withoutFolders(process.argv.slice(2).join(' '))}`),
    options: { calibration: Number(options.calibration), seed: Number(options.seed), pairs: Number(options.pairs) },
    limits,
    models,
    met: Object.values(models).every(({ met }) => met),
  }
  if (options.save) writeFileSync(join(root, 'bench/results/detection-deploy.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.met ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function judge(name, bundle, data) {
  const workshop = await openWorkshop({ bundle, data, cacheFolder: around.cacheFolder })
  try {
    const { postProcessing } = workshop.model
    const draw = await workshop.draw({ images: Number(options.calibration), seed: Number(options.seed) })
    const [files, bare] = [{}, {}]
    for (const precision of precisions) {
      files[precision] = await workshop.write(precision, join(folder, `${name}-${precision}.tflite`), draw, postProcessing)
      if (precision === 'float32' || precision === 'int8')
        bare[precision] = await workshop.write(precision, join(folder, `${name}-${precision}-bare.tflite`), draw)
    }
    const { engine, images, runtimes } = await inRuntimes(workshop, files)
    const reference = await againstRules(workshop, files.float32, bare.float32)
    const latencies = await timeInTurn(workshop, files, bare)
    const int8Loss = engine - runtimes.litert.int8.map50
    const told = { images, calibration: draw.examples.length, engineMap50: engine, runtimes, reference, int8Loss, latencies }
    return { ...told, met: isMet(told) }
  } finally {
    await workshop.close()
  }
}

/** By runtime and precision how the file compares with the engine. */
async function inRuntimes(workshop, files) {
  const running = { ...workshop.running, ...(python && { 'python package': pythonRuntime(python) }) }
  const { postProcessing } = workshop.model
  const runtimes = {}
  let [engine, images] = [0, 0]
  for (const [name, run] of Object.entries(running)) {
    const compared = await workshop.compare(files, 'validation', new Set(), { run, postProcessing })
    ;[engine, images] = [compared.quality, compared.images]
    runtimes[name] = Object.fromEntries(
      Object.entries(compared.files).map(([precision, { metrics, distance }]) => {
        const { engineMap50: _, ...own } = metrics
        return [precision, { ...own, distance }]
      }),
    )
  }
  return { engine, images, runtimes }
}

/** What LiteRT's operator gives, against our rules on what LiteRT gives without it. */
async function againstRules({ model, dataset }, file, raw) {
  const { task, architecture, targets, postProcessing } = model
  const agreement = task.agreement(architecture.task.options, targets, 'photos', postProcessing)
  const split = { dataset, split: 'validation', inputSize: architecture.input.size, targets, images: dataset.size('validation') }
  const examples = []
  for await (const batch of validationBatches({ ...split, workers: 2, signal })) examples.push(...examplesOf(batch))
  const names = Object.keys(model.graph.inputs)
  const answers = async (of) => {
    const given = (async function* () {
      for (const { inputs } of examples) yield asGiven(model, of, picked(inputs, names))
    })()
    const all = []
    for await (const answer of liteRt.run(of, given, around)) all.push(answer)
    return all
  }
  const [expected, received] = [await answers(raw), await answers(file)]
  for (const [index, example] of examples.entries()) agreement.add(expected[index], received[index], example)
  const { maxBoxError, maxScoreError, sameDetections } = agreement.result()
  return { images: examples.length, maxBoxError, maxScoreError, sameDetections }
}

/** Inputs of the model as a file stores them. */
function asGiven({ preprocessing }, file, inputs) {
  return asStored(renormalize(inputs, preprocessing, file.preprocessing), file)
}

async function timeInTurn({ model, dataset }, files, bare) {
  const photos = await drawTimingPhotos({ model, dataset, split: 'validation', workers: 0, signal })
  const runs = Object.fromEntries(Object.keys(bare).map((precision) => [precision, { whole: [], bare: [] }]))
  const time = (file) => {
    const inputs = photos.map((photo) => asGiven(model, file, photo))
    return liteRt.timeMs(file, { threads: 1, runs: 50, flags: {}, inputs }, around)
  }
  for (let pair = 0; pair < Number(options.pairs); pair++)
    for (const precision of Object.keys(bare)) {
      runs[precision].bare.push(await time(bare[precision]))
      runs[precision].whole.push(await time(files[precision]))
    }
  const middle = (processes) => median(processes.map(median))
  return Object.fromEntries(
    Object.entries(runs).map(([precision, { whole, bare: plain }]) => [
      precision,
      { latencyMs: middle(whole), withoutMs: middle(plain), ...operatorCost(whole, plain, photos.length), photos: photos.length },
    ]),
  )
}

function isMet({ engineMap50, runtimes, reference, int8Loss }) {
  const near = ({ maxBoxError = 0, maxScoreError = 0, sameDetections, map50 }) =>
    Math.max(maxBoxError, maxScoreError) <= limits.error &&
    sameDetections >= limits.sameDetections &&
    Math.abs(map50 - engineMap50) <= limits.map50
  const exact = reference.sameDetections === 1 && !reference.maxBoxError && !reference.maxScoreError
  return Object.values(runtimes).every(({ float32 }) => near(float32)) && exact && int8Loss <= limits.int8Loss
}

function print(name, { images, engineMap50, runtimes, reference, int8Loss, latencies, met }) {
  const exponential = (value) => (value === undefined ? 'nothing found' : value.toExponential(1))
  console.log(`\n${name}: ${images} pictures, mAP50 of the engine ${percent(engineMap50)}`)
  for (const [runtime, files] of Object.entries(runtimes))
    for (const [precision, { sameDetections, maxBoxError, maxScoreError, map50 }] of Object.entries(files))
      console.log(
        `  ${runtime.padEnd(15)} ${precision.padEnd(8)} mAP50 ${percent(map50)}, same detections ${percent(sameDetections)}, ` +
          `boxes ${exponential(maxBoxError)}, scores ${exponential(maxScoreError)}`,
      )
  console.log(
    `  the operator against our rules: same detections ${percent(reference.sameDetections)}, boxes ${reference.maxBoxError}, ` +
      `scores ${reference.maxScoreError}; int8 loses ${int8Loss.toFixed(4)}`,
  )
  for (const [precision, { latencyMs, withoutMs, costMs, largestMs }] of Object.entries(latencies))
    console.log(
      `  ${precision.padEnd(8)} ${latencyMs.toFixed(3)} ms, without the operator ${withoutMs.toFixed(3)} ms; ` +
        `it takes ${costMs.toFixed(3)} ms, ${largestMs.toFixed(3)} ms at most`,
    )
  console.log(`  ${met ? 'within the limits' : 'BEYOND the limits'}`)
}

/** Where things lay on one computer is nobody's business. */
function withoutFolders(text) {
  return text.replaceAll(/(?:[\w.-]*\/)+/g, '')
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}
