import type { Window } from '@mnas/core/contracts'
import type { Pair } from '../../onnx/emitter.js'

type Pads = readonly [top: number, left: number, bottom: number, right: number]

/** Taps of a kernel that meet one part of the input, as a small convolution of its own. */
export interface DepthwisePart {
  /** Which rows and columns of the input: those of this remainder by 2; null = all. */
  readonly phase: Pair | null
  /** Places in the flattened kernel, row by row. */
  readonly taps: readonly number[]
  readonly kernel: Pair
  /** Of the forward convolution, and of the input with the output gradient as kernel. */
  readonly pads: Pads
  /** Of the output gradient with the flipped kernel. */
  readonly backPads: Pads
}

/** A depthwise convolution as convolutions that NCHWc kernels can do in both directions. */
export interface DepthwisePlan {
  readonly parts: readonly DepthwisePart[]
  /** Of each part's forward convolution. */
  readonly stride: 1 | 2
  readonly kernel: Pair
  readonly input: Pair
  readonly output: Pair
}

interface AxisPart {
  readonly phase: number | null
  readonly taps: readonly number[]
  readonly pads: Pair
  readonly backPads: Pair
}

/** One axis of a window: `before` is its padding, `side` the input's, `outputs` the output's length. */
interface Axis {
  readonly kernel: number
  readonly stride: number
  readonly before: number
  readonly side: number
  readonly outputs: number
}

const valid = ({ taps, pads, backPads }: AxisPart): boolean =>
  taps.length > 0 && [...pads, ...backPads].every((count) => count >= 0)

/**
 * The convolution in one piece.
 *
 *   after = (O − 1)·s + k − h − before (may be less than the window's own)
 *   back: for stride 2 zeros are put behind every output (Od = 2·O, else O), q = k − 1 − before in front, h − Od − q + k − 1 behind
 * @returns null where a padding would be negative or the strides are none of ours
 */
export function planWhole(window: Window, input: Pair, output: Pair): DepthwisePlan | null {
  return plan(window, input, output, ({ kernel, stride, before, side, outputs }) => {
    const after = (outputs - 1) * stride + kernel - side - before
    const front = kernel - 1 - before
    const back = side - stride * outputs - front + kernel - 1
    const taps = Array.from({ length: kernel }, (_, tap) => tap)
    return [{ phase: null, taps, pads: [before, after], backPads: [front, back] }]
  })
}

/**
 * Stride 2 on an even map, cut into phases: the rows and columns with the same remainder by 2. Tap t meets phase (t − before) mod 2 at offset
 * ⌊(t − before)/2⌋, so that each phase has a convolution of stride 1 and its gradient needs no zeros.
 * @returns null where that does not hold
 */
export function planPhases(window: Window, input: Pair, output: Pair): DepthwisePlan | null {
  return plan(window, input, output, ({ kernel, stride, before, side, outputs }) => {
    if (stride !== 2 || side !== 2 * outputs) return null
    return [0, 1].map((phase) => {
      const taps = Array.from({ length: kernel }, (_, tap) => tap).filter((tap) => (tap - before - phase) % 2 === 0)
      const offsets = taps.map((tap) => Math.floor((tap - before) / 2))
      const [first, last] = [-(offsets[0] ?? 0), offsets.at(-1) ?? 0]
      return { phase, taps, pads: [first, last], backPads: [last, first] }
    })
  })
}

function plan(
  { kernel, strides, padding }: Window,
  input: Pair,
  output: Pair,
  partsOf: (axis: Axis) => readonly AxisPart[] | null,
): DepthwisePlan | null {
  const [stride] = strides
  if ((stride !== 1 && stride !== 2) || strides[1] !== stride) return null
  const axisParts = ([0, 1] as const).map((axis) => {
    const before = padding[axis * 2]!
    return partsOf({ kernel: kernel[axis], stride, before, side: input[axis], outputs: output[axis] })
  })
  const [rows, columns] = axisParts
  if (!rows || !columns || ![...rows, ...columns].every(valid)) return null
  const parts = rows.flatMap((row) => columns.map((column) => joined(row, column, kernel[1])))
  return { parts, stride: rows[0]!.phase === null ? stride : 1, kernel, input, output }
}

function joined(row: AxisPart, column: AxisPart, width: number): DepthwisePart {
  const pads = (a: Pair, b: Pair): Pads => [a[0], b[0], a[1], b[1]]
  return {
    phase: row.phase === null ? null : [row.phase, column.phase!],
    taps: row.taps.flatMap((r) => column.taps.map((c) => r * width + c)),
    kernel: [row.taps.length, column.taps.length],
    pads: pads(row.pads, column.pads),
    backPads: pads(row.backPads, column.backPads),
  }
}
