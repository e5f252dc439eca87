/**
 * What a classifier's backbone is worth to a detector: of each seed a classifier is trained on the crops of the shapes' boxes,
 * its time not counted; then a detector that begins with it and one from scratch, each for as long. By the real program, one
 * after another; map50 on the validation pictures.
 *
 *   node bench/detection/fine-tuning.mjs [--seeds 0,1,2] [--classifier 4m] [--minutes 3] [--size 160] [--crop-size 96]
 *     [--model mnasnet-a1@0.5] [--folder FOLDER] [--save]
 *
 * FOLDER keeps data and bundles: the same command goes on with it. Exit 1 where the mean of the fine-tuned is not above that of
 * the others.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { provenance } from '../provenance.mjs'
import { writeShapes } from './shapes.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = (value) => ({ type: 'string', default: value })
const { values: options } = parseArgs({
  options: {
    ...{ seeds: text('0,1,2'), classifier: text('4m'), minutes: text('3'), size: text('160'), 'crop-size': text('96') },
    ...{ model: text('mnasnet-a1@0.5'), folder: { type: 'string' }, save: { type: 'boolean', default: false } },
  },
})
/** Of a box's longer side: what stands around it is seen, too. */
const around = 1.2

const made = options.folder ? null : mkdtempSync(join(tmpdir(), 'mnas-fine-tuning-'))
try {
  const folder = resolve(made ?? options.folder)
  await prepare(folder)
  const pairs = options.seeds.split(',').map((seed) => trainPair(folder, Number(seed)))
  const result = report(pairs)
  console.log(JSON.stringify(result, null, 2))
  if (options.save) writeFileSync(join(root, 'bench/results/detection-fine-tuning.json'), `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = result.met ? 0 : 1
} finally {
  if (made) rmSync(made, { recursive: true, force: true })
}

async function prepare(folder) {
  if (existsSync(join(folder, 'prepared'))) return
  await writeShapes(join(folder, 'shapes'), { size: Number(options.size) })
  for (const part of ['train', 'val']) await writeCrops(join(folder, 'shapes', part), join(folder, 'crops', part))
  writeFileSync(join(folder, 'prepared'), '')
}

/** A square around each box, as a folder of pictures for each class. */
async function writeCrops(from, to) {
  const { default: sharp } = await import('sharp')
  const { images, annotations, categories } = JSON.parse(readFileSync(join(from, '_annotations.coco.json'), 'utf8'))
  const [pictures, names] = [images, categories].map((rows) => new Map(rows.map((row) => [row.id, row])))
  for (const { name } of categories) mkdirSync(join(to, name), { recursive: true })
  for (const { id, image_id, category_id, bbox } of annotations) {
    const picture = pictures.get(image_id)
    const [x, y, width, height] = bbox
    const half = (Math.max(width, height) * around) / 2
    const [left, top] = [x + width / 2, y + height / 2].map((middle) => Math.max(0, Math.round(middle - half)))
    const right = Math.min(picture.width, Math.round(x + width / 2 + half))
    const bottom = Math.min(picture.height, Math.round(y + height / 2 + half))
    await sharp(join(from, picture.file_name))
      .extract({ left, top, width: right - left, height: bottom - top })
      .toFile(join(to, names.get(category_id).name, `${id}.png`))
  }
}

function trainPair(folder, seed) {
  const time = `${options.minutes}m`
  const classifier = join(folder, 'models', `classifier-${seed}`)
  const common = ['--seed', `${seed}`]
  const crops = ['--data', join(folder, 'crops'), '--size', options['crop-size'], '--time', options.classifier]
  const shapes = ['--task', 'detection', '--data', join(folder, 'shapes'), '--size', options.size, '--time', time]
  const { metrics } = train(folder, [options.model, ...crops, ...common, '--out', classifier])
  const pair = {
    fineTuned: train(folder, ['--init', classifier, ...shapes, ...common, '--out', join(folder, 'models', `fine-tuned-${seed}`)]),
    fromScratch: train(folder, [options.model, ...shapes, ...common, '--out', join(folder, 'models', `from-scratch-${seed}`)]),
  }
  const told = ({ epochs, metrics: { map50, map } }) => ({ map50, map, epochs })
  const result = { seed, classifierTop1: metrics.top1, ...mapped(pair, told) }
  console.error(JSON.stringify(result))
  return result
}

function train(folder, args) {
  const command = [join(root, 'bin/run.js'), 'train', ...args, '--cache-folder', join(folder, 'cache'), '--json']
  const env = { ...process.env, MNAS_PROGRESS: 'none' }
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`mnas train ${args.join(' ')} failed: ${stdout}${stderr}`)
  return JSON.parse(stdout)
}

function report(pairs) {
  const mean = (side) => pairs.reduce((sum, pair) => sum + pair[side].map50, 0) / pairs.length
  const means = { fineTuned: mean('fineTuned'), fromScratch: mean('fromScratch') }
  const { classifier, minutes, size, model } = options
  const asked = `--seeds ${options.seeds} --classifier ${classifier} --minutes ${minutes}`
  const command = `node bench/detection/fine-tuning.mjs ${asked} --save`
  return {
    ...provenance(command),
    data: { pictures: { train: 400, val: 100 }, size: Number(size), cropSize: Number(options['crop-size']), seed: 7 },
    ...{ model, recipe: 'quick', classifierTime: classifier, detectorTime: `${minutes}m` },
    ...{ pairs, meanMap50: means, met: means.fineTuned > means.fromScratch },
  }
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
}
