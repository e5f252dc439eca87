import type { Padding, Window } from '../../contracts/index.js'
import { defineCase, type OpCase } from './op-case.js'

/** Windows in numbers, named by what makes each one different. */
function window(kernel: number, stride: number, padding: Padding): Window {
  return { kernel: [kernel, kernel], strides: [stride, stride], padding }
}
const valid: Padding = [0, 0, 0, 0]
const symmetric1: Padding = [1, 1, 1, 1]

interface WindowCase {
  readonly title: string
  readonly size: readonly [height: number, width: number]
  readonly window: Window
}
const windows: readonly WindowCase[] = [
  { title: '3×3 stride 1, same', size: [5, 4], window: window(3, 1, symmetric1) },
  { title: '3×3 stride 2, same on an even size (0 before, 1 after)', size: [6, 8], window: window(3, 2, [0, 1, 0, 1]) },
  { title: '3×3 stride 2, same on an odd size', size: [7, 5], window: window(3, 2, symmetric1) },
  { title: '3×3 stride 2, symmetric on an even size (the last padding unused)', size: [6, 6], window: window(3, 2, symmetric1) },
  { title: '5×5 stride 2, same on an even size', size: [6, 6], window: window(5, 2, [1, 2, 1, 2]) },
  { title: '5×5 stride 2, symmetric', size: [8, 7], window: window(5, 2, [2, 2, 2, 2]) },
  { title: '5×5 stride 1 on a smaller image', size: [2, 3], window: window(5, 1, [2, 2, 2, 2]) },
  { title: '2×2 stride 2 without padding, a column left over', size: [4, 5], window: window(2, 2, valid) },
  {
    title: '3×1 stride 1×2, padded at the top only',
    size: [4, 5],
    window: { kernel: [3, 1], strides: [1, 2], padding: [2, 0, 0, 0] },
  },
]

const convolutions: readonly OpCase[] = windows.map(({ title, size, window }, position) =>
  defineCase({
    name: `conv2d ${title}`,
    op: 'conv2d',
    inputs: { x: { shape: [...size, 3] } },
    attributes: { ...window, filters: 4, bias: position % 2 === 0 },
  }),
)

const pointwise: readonly OpCase[] = [true, false].map((bias) =>
  defineCase({
    name: `conv2d 1×1 ${bias ? 'with' : 'without'} bias`,
    op: 'conv2d',
    inputs: { x: { shape: [3, 4, 5] } },
    attributes: { ...window(1, 1, valid), filters: 6, bias },
  }),
)

const depthwise: readonly OpCase[] = [
  ...windows,
  { title: '7×7 stride 1, same', size: [6, 5] as const, window: window(7, 1, [3, 3, 3, 3]) },
].map(({ title, size, window }, position) =>
  defineCase({
    name: `depthwiseConv2d ${title}`,
    op: 'depthwiseConv2d',
    inputs: { x: { shape: [...size, 4] } },
    attributes: { ...window, bias: position % 2 === 1 },
  }),
)

/** A window that lies in the padding alone has no mean: none of these has one. */
const pools: readonly OpCase[] = windows.flatMap(({ title, size, window }) =>
  (['maxPool', 'averagePool'] as const).map((op) =>
    defineCase({ name: `${op} ${title}`, op, inputs: { x: { shape: [...size, 3] } }, attributes: window }),
  ),
)

const globalPools: readonly OpCase[] = [true, false].map((keepDims) =>
  defineCase({
    name: `globalAveragePool ${keepDims ? 'keeping' : 'dropping'} height and width`,
    op: 'globalAveragePool',
    inputs: { x: { shape: [4, 3, 5] } },
    attributes: { keepDims },
  }),
)

/** Convolutions and pools. */
export const windowCases: readonly OpCase[] = [...convolutions, ...pointwise, ...depthwise, ...pools, ...globalPools]
