import type { Window } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { interpret } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { graphOf, interpretOne, numbers } from './interpret-one.js'

const origin = { block: 'head', layer: 0, role: 'test' } as const

function window(kernel: number, stride: number, padding: Window['padding'] = [0, 0, 0, 0]): Window {
  return { kernel: [kernel, kernel], strides: [stride, stride], padding }
}

/** 1 2 3 / 4 5 6 / 7 8 9, one channel. */
const square = { shape: [1, 3, 3, 1], data: [1, 2, 3, 4, 5, 6, 7, 8, 9] }

describe('convolution by hand', () => {
  it('correlates, does not flip', () => {
    const kernel = { shape: [1, 1, 2, 2], data: [1, 10, 100, 1000] }
    const y = interpretOne('conv2d', { ...window(2, 1), filters: 1, bias: false }, [square], { kernel })
    expect(y.shape).toEqual([1, 2, 2, 1])
    expect(numbers(y)).toEqual([5421, 6532, 8754, 9865])
  })

  it('reads kernels as OIHW and adds the bias', () => {
    const x = { shape: [1, 1, 1, 2], data: [3, 5] }
    const weights = { kernel: { shape: [2, 2, 1, 1], data: [1, 10, 100, 1000] }, bias: { shape: [2], data: [0.5, -1] } }
    expect(numbers(interpretOne('conv2d', { ...window(1, 1), filters: 2, bias: true }, [x], weights))).toEqual([53.5, 5299])
  })

  it('pads with zeros, at the top and left by their own numbers', () => {
    const kernel = { shape: [1, 1, 2, 2], data: [1, 1, 1, 1] }
    const attributes = { ...window(2, 2, [1, 0, 0, 1]), filters: 1, bias: false }
    expect(numbers(interpretOne('conv2d', attributes, [square], { kernel }))).toEqual([3, 3, 24, 15])
  })

  it('gives each channel its own depthwise kernel', () => {
    const x = { shape: [1, 1, 2, 2], data: [1, 10, 2, 20] }
    const kernel = { shape: [2, 1, 1, 2], data: [1, 2, 3, 4] }
    const attributes = { kernel: [1, 2], strides: [1, 1], padding: [0, 0, 0, 0], bias: false } as const
    expect(numbers(interpretOne('depthwiseConv2d', attributes, [x], { kernel }))).toEqual([5, 110])
  })

  it('multiplies a dense layer as [out, in]', () => {
    const weights = { kernel: { shape: [2, 3], data: [1, 2, 3, 4, 5, 6] }, bias: { shape: [2], data: [10, 20] } }
    const x = { shape: [2, 3], data: [1, 0, 0, 1, 1, 1] }
    expect(numbers(interpretOne('dense', { units: 2, bias: true }, [x], weights))).toEqual([11, 24, 16, 35])
  })
})

describe('pooling by hand', () => {
  const negative = { shape: [1, 2, 2, 1], data: [-1, -2, -3, -4] }

  it('takes padding as −∞ in a maximum', () => {
    expect(numbers(interpretOne('maxPool', window(2, 2, [1, 1, 1, 1]), [negative]))).toEqual([-1, -2, -3, -4])
  })

  it('does not count padding in a mean', () => {
    expect(numbers(interpretOne('averagePool', window(3, 1, [1, 1, 1, 1]), [square]))).toEqual([
      3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7,
    ])
  })

  it('averages each channel over the image', () => {
    const x = { shape: [1, 1, 2, 2], data: [1, 10, 3, 30] }
    const y = interpretOne('globalAveragePool', { keepDims: true }, [x])
    expect(y.shape).toEqual([1, 1, 1, 2])
    expect(numbers(y)).toEqual([2, 20])
  })
})

describe('batch norm by hand', () => {
  const x = { shape: [4, 1], data: [1, 3, 5, 7] }
  const weights = {
    gamma: { shape: [1], data: [2] },
    beta: { shape: [1], data: [1] },
    movingMean: { shape: [1], data: [3] },
    movingVariance: { shape: [1], data: [3] },
  }

  it('uses the running statistics in inference', () => {
    expect(numbers(interpretOne('batchNorm', { epsilon: 1 }, [x], weights))).toEqual([-1, 1, 3, 5])
  })

  it('uses the biased variance of the batch in training and reports the unbiased one', () => {
    const graph = graphOf('batchNorm', { epsilon: 4 }, [x])
    const named = Object.fromEntries(Object.entries(weights).map(([kind, value]) => [`op.${kind}`, value]))
    const { outputs, batchStatistics } = interpret(graph, { inputs: { x0: x }, weights: named, mode: 'training' })
    // mean 4, biased variance 5, √(5 + 4) = 3
    expect(numbers(outputs['y']!)).toEqual([-1, 1 - 2 / 3, 1 + 2 / 3, 3])
    expect(numbers(batchStatistics['op.movingMean']!)).toEqual([4])
    expect(batchStatistics['op.movingVariance']!.data[0]).toBeCloseTo(20 / 3, 12)
  })
})

describe('dropout by hand', () => {
  const x = { shape: [1, 3], data: [1, 2, 3] }

  it('is the identity in inference', () => {
    expect(numbers(interpretOne('dropout', { rate: 0.5 }, [x]))).toEqual([1, 2, 3])
  })

  it('multiplies by the mask it is handed in training, and needs one', () => {
    const graph = graphOf('dropout', { rate: 0.5 }, [x])
    const run = (masks: Record<string, { shape: number[]; data: number[] }>) =>
      interpret(graph, { inputs: { x0: x }, weights: {}, masks, mode: 'training' }).outputs['y']!
    expect(numbers(run({ op: { shape: [1, 3], data: [2, 0, 2] } }))).toEqual([2, 0, 6])
    expect(() => run({})).toThrow(expect.objectContaining({ code: 'MNAS_INTERPRETER_TENSOR' }))
  })
})

describe('elementwise ops by hand', () => {
  const a = { shape: [2, 2, 2], data: [1, 2, 3, 4, 5, 6, 7, 8] }

  it('broadcasts a value per channel within each example', () => {
    const b = { shape: [2, 2], data: [10, 20, 30, 40] }
    expect(numbers(interpretOne('add', {}, [a, b]))).toEqual([11, 22, 13, 24, 35, 46, 37, 48])
  })

  it('aligns a value per example with the batch, not with the last axis', () => {
    const weight = { shape: [2], data: [10, 100] }
    expect(numbers(interpretOne('multiply', {}, [a, weight]))).toEqual([10, 20, 30, 40, 500, 600, 700, 800])
  })

  it('keeps the order of its operands', () => {
    const b = { shape: [2, 2, 2], data: [2, 2, 2, 4, 4, 4, 8, 8] }
    expect(numbers(interpretOne('subtract', {}, [a, b]))).toEqual([-1, 0, 1, 0, 1, 2, -1, 0])
    expect(numbers(interpretOne('divide', {}, [a, b]))).toEqual([0.5, 1, 1.5, 1, 1.25, 1.5, 0.875, 1])
    expect(numbers(interpretOne('maximum', {}, [a, b]))).toEqual([2, 2, 3, 4, 5, 6, 8, 8])
    expect(numbers(interpretOne('less', {}, [a, b]))).toEqual([1, 0, 0, 0, 0, 0, 1, 0])
  })

  it('selects where the mask is not zero', () => {
    const mask = { shape: [1, 3], data: [1, 0, -2] }
    const [x, y] = [
      { shape: [1, 3], data: [1, 2, 3] },
      { shape: [1, 1], data: [9] },
    ]
    expect(numbers(interpretOne('select', {}, [mask, x, y]))).toEqual([1, 9, 3])
  })

  it('broadcasts an unbatched value over the batch and from the right', () => {
    const builder = new GraphBuilder()
    builder.input('x', { shape: [2], dtype: 'float32', batched: true })
    builder.add('constant', { id: 'c', inputs: [], attributes: { values: [10, 20] }, origin })
    builder.add('batchSum', { id: 'sum', inputs: ['x'], attributes: {}, origin })
    builder.add('add', { id: 'shifted', inputs: ['c', 'x'], attributes: {}, origin })
    builder.add('multiply', { id: 'y', inputs: ['shifted', 'sum'], attributes: {}, origin })
    builder.output('y', 'y')
    const { outputs, values } = interpret(builder.build(), {
      inputs: { x: { shape: [2, 2], data: [1, 2, 3, 4] } },
      weights: {},
      mode: 'inference',
    })
    expect(values['sum']).toMatchObject({ shape: [2], batched: false })
    expect(numbers(outputs['y']!)).toEqual([11 * 4, 22 * 6, 13 * 4, 24 * 6])
  })

  it('clips and bends', () => {
    const x = { shape: [1, 4], data: [-2, 0, 3, 8] }
    expect(numbers(interpretOne('relu', {}, [x]))).toEqual([0, 0, 3, 8])
    expect(numbers(interpretOne('relu6', {}, [x]))).toEqual([0, 0, 3, 6])
    expect(numbers(interpretOne('abs', {}, [x]))).toEqual([2, 0, 3, 8])
    const far = { shape: [1, 2], data: [-1000, 1000] }
    expect(numbers(interpretOne('softplus', {}, [far]))).toEqual([0, 1000])
    expect(numbers(interpretOne('softmax', {}, [far]))).toEqual([0, 1])
    expect(numbers(interpretOne('logSoftmax', {}, [far]))).toEqual([-2000, 0])
  })
})

describe('structure by hand', () => {
  it('concatenates along an axis of the example', () => {
    const a = { shape: [2, 1, 2], data: [1, 2, 3, 4] }
    const b = { shape: [2, 1, 1], data: [8, 9] }
    expect(numbers(interpretOne('concat', { axis: 1 }, [a, b]))).toEqual([1, 2, 8, 3, 4, 9])
  })

  it('sums over axes of the example', () => {
    const x = { shape: [2, 2, 3], data: [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60] }
    expect(numbers(interpretOne('reduceSum', { axes: [0], keepDims: false }, [x]))).toEqual([5, 7, 9, 50, 70, 90])
    const kept = interpretOne('reduceSum', { axes: [1], keepDims: true }, [x])
    expect(kept.shape).toEqual([2, 2, 1])
    expect(numbers(kept)).toEqual([6, 15, 60, 150])
  })

  it('ranks in descending order, ties by index', () => {
    const x = { shape: [2, 4], data: [1, 5, 5, 2, 0, 0, 0, 1] }
    expect(numbers(interpretOne('rank', {}, [x]))).toEqual([3, 0, 1, 2, 1, 2, 3, 0])
  })
})

it('names a missing or misshapen tensor', () => {
  const x = { shape: [1, 3], data: [1, 2, 3] }
  const dense = (kernel: { shape: number[]; data: number[] }) => interpretOne('dense', { units: 1, bias: false }, [x], { kernel })
  expect(() => dense({ shape: [3, 1], data: [1, 2, 3] })).toThrow(/op\.kernel.*\[1,3\].*\[3,1\]/)
  expect(() => interpretOne('dense', { units: 1, bias: false }, [x])).toThrow(/op\.kernel.*none/)
})
