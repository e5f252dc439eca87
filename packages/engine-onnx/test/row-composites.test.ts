import type { Graph } from '@mnas/core/contracts'
import { describe, expect, it } from 'vitest'
import { laneBlock } from '#internal/fast/probe-block.js'
import { check, compositesOf } from './support/check-composites.js'
import { batch, Net, square, unit } from './support/net.js'

const block = await laneBlock()
const side = 4
const [perPosition, columns] = [2, 3]
const rows = side * side * perPosition

/** Rows of scores, predicted at each position of a map. */
function scoresOf(net: Net, map: string): string {
  const biased = net.add('conv2d', 'predict', [map], { ...unit, filters: perPosition * columns, bias: true })
  return net.add('reshape', 'rows', [biased], { shape: [rows, columns] })
}

describe.skipIf(block === null)('positionRows', () => {
  it('reads a map that lies in blocks', async () => {
    const net = new Net(side, side)
    const trainable = net.trainable(scoresOf(net, net.depthwise('dw', net.expand('stem', 'image', 5), square(3, 1, 1))))
    expect(compositesOf(trainable.model)).toEqual({ 'stem.act': 3, 'dw.act': 3, rows: 2 })
    await check(trainable)
  })
  it('reads the image itself, and one that lies channels first', async () => {
    const [plain, channelsFirst] = [new Net(side, side), new Net(side, side)]
    await check(plain.trainable(scoresOf(plain, 'image')))
    const pooled = channelsFirst.add('maxPool', 'pool', [channelsFirst.expand('stem', 'image', 4)], square(3, 1, 1))
    await check(channelsFirst.trainable(scoresOf(channelsFirst, pooled)))
  })
  it('takes a gradient that broadcasts', async () => {
    const net = new Net(side, side)
    const scores = scoresOf(net, net.expand('stem', 'image', 5))
    await check(net.trainable(net.add('reduceSum', 'sum', [scores], { axes: [1], keepDims: false })))
  })
})

interface Written {
  readonly numbers?: readonly number[]
  readonly isMaskRead?: boolean
}

/** Σ softplus(x) − x[class] of each row, node by node. */
function entropyOf({ numbers = [...Array(columns).keys()], isMaskRead = false }: Written = {}) {
  const net = new Net(side, side)
  net.builder.input('classes', { shape: [rows, 1], dtype: 'float32', batched: true })
  const scores = scoresOf(net, net.expand('stem', 'image', 5))
  const constant = (id: string, values: readonly number[]) => net.add('constant', id, [], { values })
  const columnNumbers = constant('numbers', numbers)
  const below = net.add('less', 'below', ['classes', columnNumbers], {})
  const above = net.add('less', 'above', [columnNumbers, 'classes'], {})
  const other = net.add('add', 'other', [below, above], {})
  const own = net.add('select', 'own', [other, constant('nothing', [0]), scores], {})
  const sum = (id: string, from: string) => net.add('reduceSum', id, [from], { axes: [1], keepDims: false })
  const all = sum('all', net.add('softplus', 'softplus', [scores], {}))
  const entropy = net.add('subtract', 'entropy', [all, sum('taken', own)], {})
  const trainable = net.trainable(entropy, isMaskRead ? { other } : {})
  // Classes, and what is none: a number between two, below and above all of them.
  const data = Float32Array.from({ length: batch * rows }, (_, at) => [0, 1, 2, 0.5, -1, 7][at % 6]!)
  const classes = { dtype: 'float32', shape: [batch, rows, 1], data } as const
  return { ...trainable, inputs: { ...trainable.inputs, classes } }
}

const swallowed = (model: Graph) => compositesOf(model)['entropy']

describe.skipIf(block === null)('ownEntropy', () => {
  it('takes the class of each row off where it is one', async () => {
    const trainable = entropyOf()
    expect(swallowed(trainable.model)).toBe(8)
    await check(trainable)
  })
  it('is left alone where the columns have other numbers, or somebody else reads which column is whose', async () => {
    const others = [entropyOf({ numbers: [-1, 1, 2] }), entropyOf({ isMaskRead: true })]
    for (const trainable of others) expect(swallowed(trainable.model)).toBeUndefined()
    await check(others[0]!)
  })
})
