// @ts-check
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPicture } from '@mnas/images/fitting'

/** @typedef {import('@mnas/core/contracts').Batch} Batch */
/** @typedef {import('@mnas/core/contracts').BatchPlan} BatchPlan */
/** @typedef {import('@mnas/core/contracts').Preprocessing} Preprocessing */

const sha256 = (/** @type {string | Uint8Array} */ data) => createHash('sha256').update(data).digest('hex')

/**
 * A flat folder of PNG pictures. Every sixth by the hash of its name validates, the next one is held out.
 * @param {import('@mnas/core/contracts').OpenOptions} options @param {Preprocessing} preprocessing
 * @returns {Promise<import('@mnas/core/contracts').Dataset>}
 */
export async function openPictures({ folder }, preprocessing) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.png'))
    .sort()
  if (files.length < 8) throw new Error(`expected at least 8 pictures in "${folder}", received ${files.length}`)
  const queue = [...files].sort((a, b) => (sha256(a) < sha256(b) ? -1 : 1))
  const apart = Math.max(2, Math.floor(files.length / 6))
  /** @type {Record<import('@mnas/core/contracts').Split, string[]>} */
  const splits = {
    validation: queue.slice(0, apart).sort(),
    heldOut: queue.slice(apart, 2 * apart).sort(),
    train: queue.slice(2 * apart).sort(),
    test: [],
    all: files,
  }
  const fingerprint = sha256(files.map((name) => `${name} ${sha256(readFileSync(join(folder, name)))}`).join('\n'))
  const size = (/** @type {keyof typeof splits} */ split) => splits[split].length
  const batchesPerEpoch = (/** @type {BatchPlan} */ { split, batchSize, training }) =>
    (training ? Math.floor : Math.ceil)(size(split) / batchSize)
  return {
    fingerprint,
    labels: [],
    skipped: [],
    size,
    batchesPerEpoch,
    async *batches(plan, from, _workers, signal) {
      const names = splits[plan.split]
      for (let { epoch, index } = from; ; epoch++, index = 0) {
        const order = plan.training ? shuffled(names.length, `${plan.seed} ${epoch}`) : names.map((_, place) => place)
        for (; index < batchesPerEpoch(plan); index++) {
          signal.throwIfAborted()
          const rows = Array.from({ length: plan.batchSize }, (_, row) => order[index * plan.batchSize + row] ?? -1)
          yield { position: { epoch, index }, ...(await makeBatch({ folder, names, preprocessing }, plan, epoch, rows)) }
        }
        if (!plan.training) return
      }
    },
    close: async () => undefined,
  }
}

/** @param {number} length @param {string} seed */
const shuffled = (length, seed) =>
  Array.from({ length }, (_, place) => place).sort((a, b) => (sha256(`${seed} ${a}`) < sha256(`${seed} ${b}`) ? -1 : 1))

/**
 * @param {{ folder: string, names: readonly string[], preprocessing: Preprocessing }} pictures
 * @param {BatchPlan} plan @param {number} epoch @param {readonly number[]} rows
 * @returns {Promise<Omit<Batch, 'position'>>}
 */
async function makeBatch({ folder, names, preprocessing }, plan, epoch, rows) {
  const { inputSize, batchSize, augmentation, seed } = plan
  const grid = /** @type {readonly [number, number]} */ (plan.targets['grid'])
  const [length, cellsLength] = [3 * inputSize ** 2, 3 * grid[0] * grid[1]]
  const image = new Float32Array(batchSize * length)
  const cells = new Float32Array(batchSize * cellsLength)
  const weight = new Float32Array(batchSize)
  /** @type {(import('@mnas/core/contracts').Json | null)[]} */
  const truth = []
  for (const [row, example] of rows.entries()) {
    const name = names[example]
    if (name === undefined) {
      truth.push(null)
      continue
    }
    const { inputs, frame } = await readPicture(join(folder, name), inputSize, preprocessing)
    const pixels = /** @type {Float32Array} */ (inputs['image']?.data)
    const isMirrored = augmentation['mirror'] === true && Number.parseInt(sha256(`${seed} ${epoch} ${example}`)[0] ?? '0', 16) < 8
    const shown = isMirrored ? mirrored(pixels, inputSize) : pixels
    image.set(shown, row * length)
    cells.set(meanColours(shown, inputSize, grid), row * cellsLength)
    weight[row] = 1
    truth.push({ colour: meanOfPhoto(pixels, inputSize, frame, preprocessing) })
  }
  const inputs = {
    image: tensor([batchSize, inputSize, inputSize, 3], image),
    cells: tensor([batchSize, grid[0], grid[1], 3], cells),
    weight: tensor([batchSize], weight),
  }
  return { inputs, examples: rows, truth }
}

/** @param {number[]} shape @param {Float32Array} data @returns {import('@mnas/core/contracts').Tensor} */
const tensor = (shape, data) => ({ dtype: 'float32', shape, data })

/** @param {Float32Array} pixels @param {number} side */
function mirrored(pixels, side) {
  const result = new Float32Array(pixels.length)
  for (let at = 0; at < pixels.length; at += 3) {
    const x = (at / 3) % side
    result.set(pixels.subarray(at, at + 3), at + 3 * (side - 1 - 2 * x))
  }
  return result
}

/** @param {Float32Array} pixels @param {number} side @param {readonly [number, number]} grid */
function meanColours(pixels, side, [rows, columns]) {
  const [sums, counts] = [new Float64Array(3 * rows * columns), new Float64Array(rows * columns)]
  for (let pixel = 0; pixel < side * side; pixel++) {
    const cell = Math.floor((Math.floor(pixel / side) * rows) / side) * columns + Math.floor(((pixel % side) * columns) / side)
    counts[cell] = (counts[cell] ?? 0) + 1
    for (const channel of [0, 1, 2])
      sums[3 * cell + channel] = (sums[3 * cell + channel] ?? 0) + (pixels[3 * pixel + channel] ?? 0)
  }
  return Float32Array.from(sums, (sum, at) => sum / (counts[Math.floor(at / 3)] ?? 1))
}

/**
 * Mean red, green and blue of the photo alone, 0–255: the bars of the letterbox are none of it.
 * @param {Float32Array} pixels @param {number} side @param {import('@mnas/core/contracts').Frame} frame @param {Preprocessing} preprocessing
 */
function meanOfPhoto(pixels, side, { photo, scale, offset }, { mean, std }) {
  const sums = [0, 0, 0]
  let count = 0
  for (let pixel = 0; pixel < side * side; pixel++) {
    const [x, y] = [((pixel % side) + 0.5 - offset[0]) / scale[0], (Math.floor(pixel / side) + 0.5 - offset[1]) / scale[1]]
    if (x < 0 || y < 0 || x > photo.width || y > photo.height) continue
    count++
    for (const channel of [0, 1, 2]) {
      sums[channel] = (sums[channel] ?? 0) + (pixels[3 * pixel + channel] ?? 0) * (std[channel] ?? 1) + (mean[channel] ?? 0)
    }
  }
  return sums.map((sum) => sum / count)
}
