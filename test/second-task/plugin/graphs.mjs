// @ts-check
import { GraphBuilder, LayerWriter, taps } from '@mnas/core/graph'

/** @typedef {import('@mnas/core/contracts').Graph} Graph */
/** @typedef {import('@mnas/core/contracts').JsonObject} JsonObject */

/**
 * A convolution with batch norm on the backbone's last map, then three channels: the colour of each cell, −1 to 1.
 * @param {Graph} backbone @param {JsonObject} options @returns {Graph}
 */
export function head(backbone, { width }) {
  const tap = taps(backbone).at(-1)
  if (!tap) throw new Error('the backbone has no map')
  const builder = GraphBuilder.from(backbone)
  const style = { padding: 'same', activation: 'relu6', batchNormEpsilon: 1e-3 }
  const layer = new LayerWriter(builder, /** @type {any} */ (style), { prefix: 'colour', block: 'head', layer: 1 })
  const mixed = layer.activatedConv('mix', tap.id, 3, 1, Number(width))
  const window = { ...layer.window(mixed, 1, 1), filters: 3, bias: true }
  const start = { kernel: { kind: 'truncatedNormal', stddev: 0.03 }, bias: { kind: 'constant', value: 0.1 } }
  builder.output('colours', layer.node('conv2d', 'colours', [mixed], window, /** @type {any} */ (start)))
  return builder.build()
}

/** @param {Graph} model @returns {import('@mnas/core/contracts').DeployedModel} */
export function deployed(model) {
  const builder = GraphBuilder.from(model)
  const origin = /** @type {const} */ ({ block: 'head', layer: 2, role: 'colour' })
  const inputs = [/** @type {string} */ (model.outputs['colours'])]
  builder.output('colours', inputs[0] ?? '')
  builder.output('colour', builder.add('globalAveragePool', { id: 'colour', inputs, attributes: { keepDims: false }, origin }))
  return { graph: builder.build() }
}

/** Rows and columns of the map. @param {Graph} model @returns {readonly [number, number]} */
export function gridOf(model) {
  const [rows = 0, columns = 0] = model.nodes.find(({ id }) => id === model.outputs['colours'])?.shape ?? []
  return [rows, columns]
}

/** @param {Graph} model @returns {JsonObject} */
export const targets = (model) => ({ grid: gridOf(model) })

/**
 * loss = Σₙ weightₙ · mean over cells and channels of (colours − targets)² / Σₙ weightₙ
 * @param {Graph} model @returns {import('@mnas/core/contracts').ObjectiveGraph}
 */
export function objective(model) {
  const [rows, columns] = gridOf(model)
  const builder = new GraphBuilder()
  const spec = (/** @type {number[]} */ ...shape) => /** @type {const} */ ({ shape, dtype: 'float32', batched: true })
  builder.input('colours', spec(rows, columns, 3))
  builder.input('cells', spec(rows, columns, 3))
  builder.input('weight', spec())
  /** @type {(op: any, name: string, inputs: string[], attributes?: object) => string} */
  const add = (op, name, inputs, attributes = {}) =>
    builder.add(op, {
      id: `objective.${name}`,
      inputs,
      attributes: /** @type {any} */ (attributes),
      origin: { block: 'objective', layer: 0, role: name },
    })
  const error = add('subtract', 'error', ['colours', 'cells'])
  const squares = add('multiply', 'squares', [error, error])
  const sum = add('reduceSum', 'sum', [squares], { axes: [0, 1, 2], keepDims: false })
  const share = add('constant', 'share', [], { values: [1 / (rows * columns * 3)] })
  const weighted = add('multiply', 'weighted', [add('multiply', 'mean', [sum, share]), 'weight'])
  const total = add('batchSum', 'total', [weighted])
  builder.output('loss', add('divide', 'loss', [total, add('batchSum', 'weights', ['weight'])]))
  return builder.build()
}
