import type { Graph, Tensor, Tensors } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import type { GoldenLoss } from './golden-parts.js'

/**
 * A model that answers each example with its own parameters: the image says which example it is, so that the gradients by its
 * kernels are those by `scores` and `boxes`.
 */
export function answeringModel(examples: number, anchors: number, columns: number): Graph {
  const builder = new GraphBuilder()
  builder.input('image', { shape: [examples], dtype: 'float32', batched: true })
  for (const [name, width] of [
    ['scores', columns],
    ['boxes', 4],
  ] as const) {
    const origin = { block: 'head', layer: 1, role: name } as const
    const attributes = { units: anchors * width, bias: false }
    const dense = builder.add('dense', { id: `${name}_dense`, inputs: ['image'], attributes, origin })
    builder.output(name, builder.add('reshape', { id: name, inputs: [dense], attributes: { shape: [anchors, width] }, origin }))
  }
  return builder.build()
}

/** One-hot images, as many examples as the batch; those behind the first `examples` show nothing. */
export function exampleImages(examples: number, batch: number): Tensor {
  const data = new Float32Array(batch * examples)
  for (let row = 0; row < examples; row++) data[row * examples + row] = 1
  return { dtype: 'float32', shape: [batch, examples], data }
}

type Cube = readonly (readonly (readonly number[])[])[]

/** [examples, anchors, columns] → a dense kernel [anchors · columns, examples]. */
export function kernelOf(values: Cube): Tensor {
  const [examples, units] = [values.length, values[0]!.flat().length]
  const data = new Float32Array(units * examples)
  for (const [example, rows] of values.entries()) {
    for (const [unit, value] of rows.flat().entries()) data[unit * examples + example] = value
  }
  return { dtype: 'float32', shape: [units, examples], data }
}

/** The targets of the golden loss, with rows of weight 0 up to the batch. */
export function goldenTargets({ targetClass, targetBoxes, weight, anchors }: GoldenLoss, batch: number): Tensors {
  const filled = (shape: readonly number[], values: readonly number[]): Tensor => {
    const data = new Float32Array(shape.reduce((product, side) => product * side, batch))
    data.set(values)
    return { dtype: 'float32', shape: [batch, ...shape], data }
  }
  return {
    targetClass: filled([anchors.length], targetClass.flat()),
    targetBox: filled([anchors.length, 4], targetBoxes.flat(2)),
    weight: filled([], weight),
  }
}
