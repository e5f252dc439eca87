/** What every contender trains: MnasNet-A1 with squeeze-excite, TensorFlow's padding, 100 classes, from our own architecture and graph. */
import { namedArchitecture, parseArchitecture } from '@mnas/core/architecture'
import { initializeWeights, lowerBackbone, parametersOf } from '@mnas/core/graph'
import { crossEntropyObjective, randomTensors, withClassifier } from '@mnas/core/testing'

export const classes = 100
/** [pixels, batch] */
export const settings = [
  [32, 64],
  [96, 32],
  [224, 16],
]
export const optimizer = { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 1e-5, average: false }
export const batchNormMomentum = 0.99
/** Sinusoids per colour of a picture. */
const waves = 3
/** .016 per 256 images */
export const learningRate = (batch) => (0.016 * batch) / 256

/** At 32 px the stem and the second row do not stride, or nothing would be left of the image. */
export function architectureAt(size) {
  const table = structuredClone(namedArchitecture('mnasnet-a1'))
  table.input.size = size
  if (size === 32) {
    table.stem.stride = 1
    table.blocks[1].stride = 1
  }
  return parseArchitecture(table)
}

export const modelAt = (size) => withClassifier(lowerBackbone(architectureAt(size)), classes, 0)

export const objective = crossEntropyObjective(classes)

/** One batch: pictures with labels 0 to 9 in turn. */
export function batchOf(model, batch, seed) {
  const labels = new Float32Array(batch * classes)
  for (let n = 0; n < batch; n++) labels[n * classes + (n % 10)] = 1
  const { shape } = model.inputs.image
  return {
    image: { dtype: 'float32', shape: [batch, ...shape], data: pictures(shape[0], batch, seed) },
    labels: { dtype: 'float32', shape: [batch, classes], data: labels },
    weight: { dtype: 'float32', shape: [batch], data: new Float32Array(batch).fill(1) },
  }
}

/**
 * Coloured waves with a little noise. Like photos and unlike plain noise, pictures differ from each other as a whole: after a few layers of
 * plain noise nothing but rounding would tell them apart.
 */
export function pictures(size, batch, seed) {
  const [noise] = Object.values(
    randomTensors({ noise: { shape: [size, size, 3], dtype: 'float32', batched: true } }, { batch, seed }),
  )
  const draws = randomTensors({ waves: { shape: [3, waves, 4], dtype: 'float32', batched: true } }, { batch, seed: seed + 1 })
    .waves.data
  return noise.data.map((value, i) => {
    const channel = i % 3
    const column = Math.floor(i / 3) % size
    const row = Math.floor(i / (3 * size)) % size
    const image = Math.floor(i / (3 * size * size))
    let sum = 0.2 * value
    for (let wave = 0; wave < waves; wave++) {
      const at = ((image * 3 + channel) * waves + wave) * 4
      const [vertical, horizontal, phase, height] = draws.subarray(at, at + 4)
      sum += height * Math.sin(Math.PI * (4 * ((vertical * row + horizontal * column) / size) + phase))
    }
    return sum
  })
}

export const weightsOf = (model, seed) => initializeWeights(model, seed)

/** Parameters that are trained, in the order in which PyTorch's modules list theirs. */
export const trainedOf = (model) => parametersOf(model).filter(({ statistic }) => !statistic)

/** What the Python peers build the network from. */
export const tableOf = (size) => ({ ...backboneTable(architectureAt(size)), classes })

/** The rows of an architecture as the Python peers read them. */
export function backboneTable({ stem, blocks, head }) {
  const rows = blocks.map((row) => ({
    expansion: row.op === 'mbconv' ? row.expansion : 1,
    kernel: row.kernel,
    filters: row.filters,
    repeats: row.repeats,
    stride: row.stride,
    squeezeExcite: row.squeezeExcite ?? 0,
  }))
  return { stem, rows, headFilters: head.filters }
}
