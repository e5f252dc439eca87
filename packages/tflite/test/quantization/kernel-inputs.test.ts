import { rowOf } from '@mnas/core/algebra'
import type { Graph, Tensors } from '@mnas/core/contracts'
import { GraphBuilder, graphLayers } from '@mnas/core/graph'
import { interpret, randomTensors } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { kernelInputs, scaledInputs } from '#internal/calibration/kernel-inputs.js'
import { placesOf } from '#internal/calibration/windows.js'
import { interpretedCalibration } from '../support/calibration.js'
import { image, origin, weightsOf } from '../support/models.js'

const window = (kernel: number, stride: number, before: number, after: number) =>
  ({ kernel: [kernel, kernel], strides: [stride, stride], padding: [before, after, before, after] }) as const

/** image [5, 5, 3] → one layer → `value`. */
function oneLayer(add: (builder: GraphBuilder) => void): Graph {
  const builder = new GraphBuilder()
  builder.input('image', image(5, 5, 3))
  add(builder)
  builder.output('value', 'layer')
  return builder.build()
}

const layers: readonly (readonly [string, Graph])[] = [
  [
    'a convolution',
    oneLayer((b) =>
      b.add('conv2d', { id: 'layer', inputs: ['image'], attributes: { ...window(3, 2, 1, 1), filters: 4, bias: true }, origin }),
    ),
  ],
  [
    'a convolution that is padded at one end',
    oneLayer((b) =>
      b.add('conv2d', { id: 'layer', inputs: ['image'], attributes: { ...window(2, 2, 0, 1), filters: 2, bias: false }, origin }),
    ),
  ],
  [
    'a depthwise one',
    oneLayer((b) =>
      b.add('depthwiseConv2d', { id: 'layer', inputs: ['image'], attributes: { ...window(5, 2, 2, 2), bias: true }, origin }),
    ),
  ],
  [
    'a dense layer',
    oneLayer((b) => {
      b.add('globalAveragePool', { id: 'pool', inputs: ['image'], attributes: { keepDims: false }, origin })
      b.add('dense', { id: 'layer', inputs: ['pool'], attributes: { units: 4, bias: true }, origin })
    }),
  ],
]

describe('what kernels see', () => {
  it.each(layers)('tells how the outputs of %s vary', async (_, graph) => {
    const weights = weightsOf(graph)
    const inputs = Array.from({ length: 5 }, (_, seed) => randomTensors(graph.inputs, { batch: 1, seed }))
    const { layers: all } = graphLayers(graph, weights)
    const seen = (await kernelInputs(interpretedCalibration({ graph, weights, inputs }), all)).get('layer')!
    const layer = all.find(({ id }) => id === 'layer')!
    const expected = variances(inputs, graph, weights)
    const depthwise = layer.node.op === 'depthwiseConv2d'
    for (const [output, variance] of expected.entries()) {
      const own = kernelOf(layer.parameters['kernel']!, output, expected.length, depthwise ? 1 : graph.inputs['image']!.shape[2]!)
      const covariance = seen.covariances[depthwise ? output : 0]!
      expect(seen.inputs).toBe(own.length)
      expect(quadratic(covariance, own)).toBeCloseTo(variance, 5)
    }
  })

  it('is divided by the scales of its channels', async () => {
    const [, graph] = layers[0]!
    const weights = weightsOf(graph)
    const inputs = Array.from({ length: 3 }, (_, seed) => randomTensors(graph.inputs, { batch: 1, seed }))
    const scales = Float64Array.of(0.5, 1, 0.25)
    const divided = inputs.map(({ image: value }) => {
      const data = Float32Array.from(value!.data, (x, i) => x / scales[i % 3]!)
      return { image: { dtype: 'float32' as const, shape: value!.shape, data } }
    })
    const { layers: all } = graphLayers(graph, weights)
    const seenOf = async (some: readonly Tensors[]) =>
      (await kernelInputs(interpretedCalibration({ graph, weights, inputs: some }), all)).get('layer')!
    const [scaled, expected] = [scaledInputs(await seenOf(inputs), scales), await seenOf(divided)]
    for (const [at, value] of scaled.covariances[0]!.entries()) expect(value).toBeCloseTo(expected.covariances[0]![at]!, 4)
  })

  it('leaves out what the calibration does not tell', async () => {
    const [, graph] = layers[0]!
    const weights = weightsOf(graph)
    const silent = {
      ...interpretedCalibration({ graph, weights, inputs: [] }),
      async *observe() {
        yield {}
      },
    }
    expect([...(await kernelInputs(silent, graphLayers(graph, weights).layers)).keys()]).toEqual([])
  })

  it('leaves out a layer that has more inputs than windows were seen', async () => {
    const [, graph] = layers[3]!
    const weights = weightsOf(graph)
    const seenOf = async (count: number) => {
      const inputs = Array.from({ length: count }, (_, seed) => randomTensors(graph.inputs, { batch: 1, seed }))
      const { layers: all } = graphLayers(graph, weights)
      return [...(await kernelInputs(interpretedCalibration({ graph, weights, inputs }), all)).keys()]
    }
    expect([await seenOf(2), await seenOf(3)]).toEqual([[], ['layer']])
  })

  it('is looked at in other places of each image', () => {
    const places = [0, 1, 2].map((number) => placesOf(100, 8, number))
    for (const some of places) {
      expect(new Set(some).size).toBe(8)
      expect(some.every((place) => Number.isInteger(place) && place >= 0 && place < 100)).toBe(true)
    }
    expect(new Set(places.map(String)).size).toBe(3)
    expect(placesOf(4, 8, 7)).toEqual([0, 1, 2, 3])
  })
})

/** Of each output of the layer, over places and images. */
function variances(inputs: readonly Tensors[], graph: Graph, weights: Tensors): readonly number[] {
  const values = inputs.flatMap((one) => [
    ...interpret(graph, { inputs: one, weights, mode: 'inference' }).outputs['value']!.data,
  ])
  const outputs = graph.nodes.at(-1)!.shape.at(-1)!
  return Array.from({ length: outputs }, (_, output) => {
    const own = values.filter((_, i) => i % outputs === output)
    const mean = own.reduce((sum, x) => sum + x, 0) / own.length
    return own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / own.length
  })
}

/** One output's weights [places of the window, inputs], of a kernel [outputs, inputs, places]. */
function kernelOf(kernel: ArrayLike<number>, output: number, outputs: number, inputs: number): readonly number[] {
  const own = Array.from({ length: kernel.length / outputs }, (_, i) => kernel[(output * kernel.length) / outputs + i]!)
  const places = own.length / inputs
  return Array.from(own, (_, i) => own[(i % inputs) * places + Math.floor(i / inputs)]!)
}

const quadratic = (covariance: Float64Array, w: readonly number[]): number =>
  w.reduce(
    (sum, x, i) => sum + w.reduce((inner, y, j) => inner + x * y * covariance[i >= j ? rowOf(i) + j : rowOf(j) + i]!, 0),
    0,
  )
