/** How far what runs a file is from the engine: LiteRT's C library, its WebAssembly, its Python package; and MediaPipe's client on photos. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const mnas = here('../../bin/run.js')
const bytes = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)

/**
 * @param runtimes by name: a file and its inputs → the outputs of each
 * @param examples images as the files take them; logits: the engine's, of each
 * @returns by reader the largest distance of a logit, as a share of the range of all, or why it does not run the file
 */
export async function readersOf(file, { runtimes, python, folder, examples, logits }) {
  const found = {}
  for (const [name, run] of Object.entries(runtimes))
    found[name] = await toldOr(async () => farthest(await run(file, examples), logits))
  if (python)
    found['python package'] = await toldOr(async () => farthest(pythonAnswers(file, { python, folder, examples }), logits))
  return found
}

async function toldOr(work) {
  try {
    return await work()
  } catch (error) {
    if (typeof error.code !== 'string') throw error
    return error.code
  }
}

function pythonAnswers({ path }, { python, folder, examples }) {
  const [inputs, outputs] = [join(folder, 'reader.in.f32'), join(folder, 'reader.out.f32')]
  writeFileSync(inputs, Buffer.concat(examples.map((image) => bytes(image.data))))
  execFileSync(python, [here('reader.py'), path, inputs, outputs], { stdio: ['ignore', 'ignore', 'pipe'], timeout: 600_000 })
  const all = new Float32Array(Uint8Array.from(readFileSync(outputs)).buffer)
  const classes = all.length / examples.length
  return examples.map((_, i) => all.subarray(i * classes, (i + 1) * classes))
}

/** Logits are the logarithms of the probabilities but for a constant in each image: both are told from their mean. */
function farthest(probabilities, logits) {
  let distance = 0
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [image, own] of logits.entries()) {
    const expected = centred(own)
    const received = centred(probabilities[image].map(Math.log))
    for (const [i, value] of expected.entries()) {
      ;[low, high] = [Math.min(low, value), Math.max(high, value)]
      distance = Math.max(distance, Math.abs(value - received[i]))
    }
  }
  return distance / (high - low)
}

function centred(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Array.from(values, (value) => value - mean)
}

/** The engine's first answer of each photo. */
export function engineAnswers(bundle, photos) {
  const json = execFileSync(process.execPath, [mnas, 'predict', bundle, ...photos, '--top', '1', '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return JSON.parse(json).predictions.map(
    ({
      output: {
        predictions: [{ label }],
      },
    }) => label,
  )
}

/** The share of photos that MediaPipe's ImageClassifier calls what the engine does, with the region of interest of the export's README. */
export function mediapipeAgreement(python, { path }, { fraction, photos, answers }) {
  const script = here('../../test/mediapipe/classify.py')
  const json = execFileSync(python, [script, JSON.stringify({ file: path, fraction, images: photos })], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 600_000,
  })
  const first = (categories) => categories.reduce((best, one) => (one[2] > best[2] ? one : best))[1]
  return JSON.parse(json).filter((categories, i) => first(categories) === answers[i]).length / photos.length
}
