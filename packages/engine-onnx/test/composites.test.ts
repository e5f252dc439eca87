import type { Window } from '@mnas/core/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWideMapCheaper } from '#internal/fast/expansion/expand.js'
import { laneBlock } from '#internal/fast/probe-block.js'
import { check, compositesOf } from './support/check-composites.js'
import { largestError, oneStep } from './support/compare-modes.js'
import { batch, Net, square, unit } from './support/net.js'

const block = await laneBlock()

describe.skipIf(block === null)('expandNormRelu and the stem', () => {
  it.each(['relu', 'relu6'] as const)('a 1x1 convolution behind one of the image, %s', async (activation) => {
    const net = new Net()
    const narrow = net.expand('stem', 'image', 4, activation, square(3, 1, 1))
    const trainable = net.trainable(net.expand('wide', narrow, 8, activation))
    expect(compositesOf(trainable.model)).toEqual({ 'stem.act': 3, 'wide.act': 3 })
    await check(trainable)
  })
  it('a stem of stride 2 with uneven padding on an odd, oblong image', async () => {
    const net = new Net(7, 9)
    const window: Window = { kernel: [3, 5], strides: [2, 2], padding: [0, 1, 2, 1] }
    await check(net.trainable(net.expand('stem', 'image', 4, 'relu', window)))
  })
  it('takes a gradient that broadcasts, as a mean over the map gives it', async () => {
    const net = new Net()
    const wide = net.expand('wide', net.expand('stem', 'image', 4), 8, 'relu6')
    await check(net.trainable(net.add('globalAveragePool', 'pool', [wide], { keepDims: false })))
  })
  // The gradient of `wide` goes over the wide map where the positions are few beside the channels, else by the covariance of the narrow map.
  it.each([
    { side: 6, narrow: 4, isWideMapUsed: false },
    { side: 2, narrow: 40, isWideMapUsed: true },
  ])('takes what other readers gave to its input, $side px', async ({ side, narrow, isWideMapUsed }) => {
    const channels = 12
    expect(isWideMapCheaper({ channels, narrow, positions: batch * side * side, inputGradient: true })).toBe(isWideMapUsed)
    const net = new Net(side, side)
    const before = net.conv('narrow', net.expand('stem', 'image', 6), narrow)
    const wide = net.expand('wide', before, channels, 'relu6')
    const again = net.add('concat', 'both', [net.conv('project', wide, 3), before], { axis: 2 })
    await check(net.trainable(net.expand('last', again, 4)))
  })
  it('goes over the wide map with a gradient that broadcasts', async () => {
    const net = new Net(2, 2)
    const narrow = net.conv('narrow', net.expand('stem', 'image', 6), 40)
    const head = net.expand('head', narrow, 12)
    await check(net.trainable(net.add('globalAveragePool', 'pool', [head], { keepDims: false })))
  })
  it('goes over the wide map beside a reader that leaves a constant pending', async () => {
    const wide = { channels: 12, narrow: 40, positions: batch * 4, inputGradient: true }
    expect([isWideMapCheaper(wide), isWideMapCheaper({ ...wide, channels: 700 })]).toEqual([true, false])
    const net = new Net(2, 2)
    const narrow = net.conv('narrow', net.expand('stem', 'image', 6), 40)
    const readers = [12, 700].map((channels) =>
      net.conv(`project${channels}`, net.expand(`wide${channels}`, narrow, channels), 3),
    )
    await check(net.trainable(net.expand('last', net.add('concat', 'both', readers, { axis: 2 }), 4)))
  })
  it('chooses by what each way costs at the ends of MnasNet-A1', () => {
    const inputGradient = true
    expect(isWideMapCheaper({ channels: 1280, narrow: 320, positions: 32 * 9, inputGradient })).toBe(true)
    expect(isWideMapCheaper({ channels: 960, narrow: 160, positions: 32 * 9, inputGradient })).toBe(true)
    expect(isWideMapCheaper({ channels: 480, narrow: 80, positions: 32 * 36, inputGradient })).toBe(false)
    expect(isWideMapCheaper({ channels: 96, narrow: 16, positions: 32 * 48 * 48, inputGradient })).toBe(false)
    expect(isWideMapCheaper({ channels: 16, narrow: 27, positions: 32 * 48 * 48, inputGradient: false })).toBe(false)
  })
})

describe.skipIf(block === null)('depthwiseNormRelu', () => {
  const cases = [3, 5, 7].flatMap((kernel) =>
    [1, 2].flatMap((stride) =>
      [6, 7].map((size) => {
        const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0)
        return { kernel, stride, size, before: total >> 1, after: total - (total >> 1) }
      }),
    ),
  )
  it.each(cases)('kernel $kernel, stride $stride, $size px, same padding', async ({ kernel, stride, size, before, after }) => {
    const net = new Net(size, size)
    const wide = net.expand('stem', 'image', 4)
    const trainable = net.trainable(net.depthwise('dw', wide, square(kernel, stride, before, after), 'relu6'))
    expect(Object.keys(compositesOf(trainable.model))).toContain('dw.act')
    await check(trainable)
  })
  it.each([3, 5, 7])('kernel %i, stride 2, symmetric padding', async (kernel) => {
    const net = new Net(8, 7)
    const wide = net.expand('stem', 'image', 4)
    await check(net.trainable(net.depthwise('dw', wide, square(kernel, 2, kernel >> 1))))
  })
  it('any window: those that have no composite fall back', async () => {
    const side = fc.integer({ min: 5, max: 9 })
    const pad = fc.integer({ min: 0, max: 2 })
    const pads = fc.tuple(pad, pad, pad, pad)
    const kernel = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    const stride = fc.integer({ min: 1, max: 3 })
    await fc.assert(
      fc.asyncProperty(side, side, kernel, stride, pads, async (height, width, [kh, kw], s, padding) => {
        const net = new Net(height, width)
        // Sums of a 1x1 map have no variance to speak of: two rows at least.
        fc.pre(height + padding[0] + padding[1] - kh >= s && width + padding[2] + padding[3] - kw >= s)
        const window: Window = { kernel: [kh, kw], strides: [s, s], padding }
        const wide = net.expand('stem', 'image', 4)
        const expanded = net.expand('wide', net.conv('narrow', wide, 3), 5)
        const trainable = net.trainable(net.depthwise('dw', expanded, window))
        const [fast, standard] = [await oneStep(trainable, 'fast'), await oneStep(trainable, 'standard')]
        expect(largestError(fast.gradients, standard.gradients)).toBeLessThan(1e-3)
        expect(largestError(fast.statistics, standard.statistics)).toBeLessThan(1e-5)
      }),
      { numRuns: 25, seed: 3 },
    )
  })
})

describe.skipIf(block === null)('relu6', () => {
  it('passes no gradient where it cuts at 6', async () => {
    const net = new Net(8, 8)
    const narrow = net.conv('narrow', net.expand('stem', 'image', 4, 'relu6'), 3)
    const filtered = net.depthwise('dw', net.expand('wide', narrow, 6, 'relu6'), square(3, 1, 1), 'relu6')
    const trainable = net.trainable(net.conv('last', filtered, 2))
    // Batch norms spread so far that both ends are met often.
    const entries = Object.entries(trainable.weights).map(([name, weight]) => {
      return [name, name.endsWith('.gamma') ? { ...weight, data: weight.data.map((value) => value + 6) } : weight] as const
    })
    await check({ ...trainable, weights: Object.fromEntries(entries) })
  })
})

describe.skipIf(block === null)('stridedExpansion', () => {
  const block = (kernel: number, before: number, after: number) => {
    const net = new Net(8, 8)
    const narrow = net.conv('narrow', net.expand('stem', 'image', 4), 3)
    const wide = net.expand('wide', narrow, 6)
    return { net, narrow, wide, filtered: net.depthwise('dw', wide, square(kernel, 2, before, after)) }
  }
  it.each([
    [3, 0, 1],
    [3, 1, 1],
    [5, 1, 2],
    [5, 2, 2],
    [7, 2, 3],
    [7, 3, 3],
  ])('kernel %i with padding %i, %i on an even map', async (kernel, before, after) => {
    const { net, filtered } = block(kernel, before, after)
    const trainable = net.trainable(filtered)
    expect(compositesOf(trainable.model)).toEqual({ 'stem.act': 3, 'narrow.norm': 2, 'dw.act': 6 })
    await check(trainable)
  })
  it('leaves a map that someone else reads where it can be read', async () => {
    const { net, wide, filtered } = block(3, 0, 1)
    const trainable = net.trainable(filtered, { tap: wide })
    expect(compositesOf(trainable.model)).toEqual({ 'stem.act': 3, 'narrow.norm': 2, 'wide.act': 3, 'dw.act': 3 })
    await check(trainable)
  })
  it('goes over the wide phases where that is cheaper', async () => {
    expect(isWideMapCheaper({ channels: 12, narrow: 64, positions: batch * 16, inputGradient: true })).toBe(true)
    const net = new Net(4, 4)
    const narrow = net.conv('narrow', net.expand('stem', 'image', 6), 64)
    await check(net.trainable(net.depthwise('dw', net.expand('wide', narrow, 12), square(3, 2, 0, 1))))
  })
  it('takes what other readers gave to its input', async () => {
    const { net, narrow, filtered } = block(3, 0, 1)
    const pooled = net.add('averagePool', 'pooled', [narrow], square(2, 2, 0))
    const twice = net.add('concat', 'twice', [pooled, pooled], { axis: 2 })
    await check(net.trainable(net.add('add', 'both', [filtered, twice], {})))
  })
})

describe.skipIf(block === null)('projectNorm', () => {
  it.each([
    ['first', (branch: string, skip: string) => [branch, skip]],
    ['second', (branch: string, skip: string) => [skip, branch]],
  ] as const)('with the skip %s', async (_where, order) => {
    const net = new Net()
    const narrow = net.conv('narrow', net.expand('stem', 'image', 4), 3)
    const projected = net.conv('project', net.depthwise('dw', net.expand('wide', narrow, 6), square(3, 1, 1)), 3)
    const sum = net.add('add', 'sum', order(projected, narrow), {})
    const trainable = net.trainable(net.conv('last', net.expand('again', sum, 5), 2))
    expect(compositesOf(trainable.model)).toMatchObject({ sum: 3, 'last.norm': 2 })
    await check(trainable)
  })
  it('takes no skip that broadcasts', async () => {
    const net = new Net()
    const wide = net.expand('stem', 'image', 4)
    const pool = net.add('globalAveragePool', 'pool', [wide], { keepDims: true })
    const trainable = net.trainable(net.add('add', 'sum', [net.conv('project', wide, 4), pool], {}))
    expect(compositesOf(trainable.model)).not.toHaveProperty('sum')
    await check(trainable)
  })
  it('without an activation between it and the loss, and with a pool as its skip', async () => {
    const net = new Net()
    const stem = net.expand('stem', 'image', 4)
    const pool = net.add('maxPool', 'pool', [stem], square(3, 1, 1))
    await check(net.trainable(net.add('add', 'sum', [net.conv('project', stem, 4), pool], {})))
  })
})

describe.skipIf(block === null)('squeezeExcite', () => {
  it('between a depthwise convolution and a projection', async () => {
    const net = new Net()
    const filtered = net.depthwise('dw', net.expand('stem', 'image', 4), square(3, 1, 1))
    const trainable = net.trainable(net.conv('project', net.squeezeExcite('se', filtered, 2, 4), 3))
    expect(compositesOf(trainable.model)).toMatchObject({ se: 6 })
    await check(trainable)
  })
  it('is left alone where its gate is an output', async () => {
    const net = new Net()
    const squeezed = net.squeezeExcite('se', net.expand('stem', 'image', 4), 2, 4)
    const trainable = net.trainable(squeezed, { gate: 'se.gate' })
    expect(compositesOf(trainable.model)).not.toHaveProperty('se')
    await check(trainable)
  })
})

describe.skipIf(block === null)('what no composite covers', () => {
  it('runs as it does in the standard mode, between composites', async () => {
    const net = new Net(8, 8)
    const stem = net.expand('stem', 'image', 4)
    const middle = net.expand('middle', stem, 4, 'relu', square(3, 1, 1))
    const biased = net.add('conv2d', 'biased', [net.expand('wide', middle, 6)], { ...unit, filters: 5, bias: true })
    const gate = net.add('sigmoid', 'gate', [biased], {})
    const filtered = net.depthwise('dw', gate, square(3, 3, 1))
    const trainable = net.trainable(net.add('reshape', 'row', [filtered], { shape: [45] }))
    expect(compositesOf(trainable.model)).toEqual({ 'stem.act': 3, 'wide.act': 3 })
    await check(trainable)
  })
})
