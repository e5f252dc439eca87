import type { Tensors } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { deployed } from '#internal/head/head.js'
import { anchorsOf, targetsOf } from '#internal/targets/targets-of.js'

const size = 64
/** Cells of each map along a side, and the anchors of a cell. */
const cells = [4, 1] as const
const perCell = 6
const options = { classes: 1, maps: cells.length }
const origin = { block: 'head', layer: 0, role: 'hand' } as const
const surely = 10

/**
 * A detector written by hand, of pixels in [−1, 1]: where the middle of a cell of its first map is red, the smallest anchor of the
 * cell holds a thing, a tenth of the input wide and high. Of all boxes the codes are 0.
 */
function redDetector() {
  const builder = new GraphBuilder()
  builder.input('image', { shape: [size, size, 3], dtype: 'float32', batched: true })
  const rows = { boxes: [] as string[], scores: [] as string[] }
  const weights: Record<string, Tensors[string]> = {}
  for (const [map, side] of cells.entries()) {
    const window = size / side
    for (const [name, columns] of [['boxes', 4] as const, ['scores', 2] as const]) {
      const id = `${name}${map}`
      const filters = perCell * columns
      const strides = [window, window] as const
      const attributes = { ...{ kernel: strides, strides, filters, bias: true }, padding: [0, 0, 0, 0] as const }
      builder.add('conv2d', { id, inputs: ['image'], attributes, origin })
      const shape = [side * side * perCell, columns]
      rows[name].push(builder.add('reshape', { id: `${id}_rows`, inputs: [id], attributes: { shape }, origin }))
      const kernel = new Float32Array(filters * 3 * window * window)
      const bias = new Float32Array(filters)
      if (name === 'scores') {
        for (let anchor = 0; anchor < perCell; anchor++) bias[2 * anchor + 1] = -surely
        if (map === 0) looksForRed(kernel, window)
      }
      weights[`${id}.kernel`] = { dtype: 'float32', shape: [filters, 3, window, window], data: kernel }
      weights[`${id}.bias`] = { dtype: 'float32', shape: [filters], data: bias }
    }
  }
  for (const name of ['boxes', 'scores'] as const)
    builder.output(name, builder.add('concat', { id: name, inputs: rows[name], attributes: { axis: 0 }, origin }))
  const model = builder.build()
  const targets = targetsOf(model, options)
  return { model, graph: deployed(model).graph, weights, targets, anchors: Float32Array.from(anchorsOf(targets).anchors) }
}

/** Of the first anchor's class: red − (green + blue) / 2 in the middle, about 1.6 on red and 0 on grey, against the bias. */
function looksForRed(kernel: Float32Array, window: number): void {
  const middle = (window / 2) * window + window / 2
  for (const [channel, share] of [1, -0.5, -0.5].entries())
    kernel[(3 + channel) * window * window + middle] = 1.5 * surely * share
}

export const redSize = size
export const redOptions = options
export const handmade = redDetector()
