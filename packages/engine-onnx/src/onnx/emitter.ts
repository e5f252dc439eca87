import { GraphWriter } from './graph-writer.js'
import { type Attributes, float, int, ints, type OnnxTensor, sizeOf, string } from './tensor.js'

/** [height, width] */
export type Pair = readonly [number, number]

/** Window of a convolution or pooling in ONNX's words: pads are [top, left, bottom, right]. */
export interface Window2d {
  readonly kernel: Pair
  readonly strides: Pair
  readonly pads: readonly [number, number, number, number]
  readonly dilations?: Pair
}

const windowAttributes = ({ kernel, strides, pads, dilations }: Window2d): Attributes => ({
  kernel_shape: ints(kernel),
  strides: ints(strides),
  pads: ints(pads),
  ...(dilations && { dilations: ints(dilations) }),
})

function windowSides(sides: readonly number[], { kernel, strides, pads, dilations = [1, 1] }: Window2d): Pair {
  const side = (axis: 0 | 1): number => {
    const reach = dilations[axis] * (kernel[axis] - 1) + 1
    return Math.floor((sides[axis]! + pads[axis] + pads[axis + 2]! - reach) / strides[axis]) + 1
  }
  return [side(0), side(1)]
}

/** Shape of a result when `a` and `b` broadcast from the right. */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[a.length - rank + axis] ?? 1
    const right = b[b.length - rank + axis] ?? 1
    if (left !== right && left !== 1 && right !== 1) throw new Error(`[${a}] and [${b}] do not broadcast`)
    return left === 1 ? right : left
  })
}

/** What arithmetic takes beside a tensor: another, or a number for every element. */
type Operand = OnnxTensor | number

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, axis) => side === b[axis])

/** The ONNX operators that the engine uses, each as a method that infers its shape. */
export class Emitter extends GraphWriter {
  /** Reshaped tensor → what it is a view of. */
  readonly #viewed = new Map<string, OnnxTensor>()

  add = (a: OnnxTensor, b: Operand): OnnxTensor => this.#binary('Add', a, b)
  subtract = (a: OnnxTensor, b: OnnxTensor): OnnxTensor => this.#binary('Sub', a, b)
  multiply = (a: OnnxTensor, b: Operand): OnnxTensor => (b === 1 ? a : this.#binary('Mul', a, b))
  divide = (a: OnnxTensor, b: OnnxTensor): OnnxTensor => this.#binary('Div', a, b)
  maximum = (a: OnnxTensor, b: Operand): OnnxTensor => this.#binary('Max', a, b)
  negate = (x: OnnxTensor): OnnxTensor => this.unary('Neg', x)
  squareRoot = (x: OnnxTensor): OnnxTensor => this.unary('Sqrt', x)
  reciprocal = (x: OnnxTensor): OnnxTensor => this.unary('Reciprocal', x)
  sigmoid = (x: OnnxTensor): OnnxTensor => this.unary('Sigmoid', x)
  exp = (x: OnnxTensor): OnnxTensor => this.unary('Exp', x)

  /** value − x */
  subtractFrom(value: number, x: OnnxTensor): OnnxTensor {
    return this.#onOriginal(x, (original) => this.emit('Sub', [this.#beside(original, value), original], original.shape))
  }

  unary(operator: string, x: OnnxTensor, attributes: Attributes = {}): OnnxTensor {
    return this.#onOriginal(x, (original) => this.emit(operator, [original], original.shape, attributes))
  }

  /** 1 where x > 0, else 0: a HardSigmoid steep enough to be a step, one pass without a boolean tensor. */
  isPositive(x: OnnxTensor): OnnxTensor {
    return this.unary('HardSigmoid', x, { alpha: float(1e30), beta: float(0) })
  }

  /** 1 where x < bound, else 0; exact, since the slope is a power of two. */
  isBelow(x: OnnxTensor, bound: number): OnnxTensor {
    return this.unary('HardSigmoid', x, { alpha: float(-(2 ** 100)), beta: float(bound * 2 ** 100) })
  }

  /** Boolean a < b. */
  less(a: OnnxTensor, b: OnnxTensor): OnnxTensor {
    return this.emit('Less', [a, b], broadcastShapes(a.shape, b.shape), {}, 'bool')
  }

  toFloat(x: OnnxTensor): OnnxTensor {
    return this.emit('Cast', [x], x.shape, { to: int(1) })
  }

  /** Float → boolean: not 0. */
  toBoolean(x: OnnxTensor): OnnxTensor {
    return this.emit('Cast', [x], x.shape, { to: int(9) }, 'bool')
  }

  where(condition: OnnxTensor, a: OnnxTensor, b: OnnxTensor): OnnxTensor {
    return this.emit('Where', [condition, a, b], broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)))
  }

  clip(x: OnnxTensor, low: number, high: number): OnnxTensor {
    return this.emit('Clip', [x, this.scalar(low), this.scalar(high)], x.shape)
  }

  reshape(x: OnnxTensor, shape: readonly number[]): OnnxTensor {
    if (sizeOf(shape) !== sizeOf(x.shape)) throw new Error(`[${x.shape}] cannot be reshaped to [${shape}]`)
    if (sameShape(shape, x.shape)) return x
    // A view of a view is one of the original: the chain would cost a node each.
    const original = this.#viewed.get(x.name) ?? x
    if (sameShape(shape, original.shape)) return original
    const view = this.emit('Reshape', [original, this.integers(shape)], shape, {}, x.type)
    this.#viewed.set(view.name, original)
    return view
  }

  expand(x: OnnxTensor, shape: readonly number[]): OnnxTensor {
    if (sameShape(shape, x.shape)) return x
    return this.emit('Expand', [x, this.integers(shape)], shape)
  }

  transpose(x: OnnxTensor, order: readonly number[]): OnnxTensor {
    const shape = order.map((axis) => x.shape[axis]!)
    // Moving axes of length 1 moves no data.
    const moved = order.filter((axis) => x.shape[axis] !== 1)
    if (moved.every((axis, place) => place === 0 || moved[place - 1]! < axis)) return this.reshape(x, shape)
    return this.emit('Transpose', [x], shape, { perm: ints(order) })
  }

  concat(parts: readonly OnnxTensor[], axis: number): OnnxTensor {
    if (parts.length === 1) return parts[0]!
    const shape = [...parts[0]!.shape]
    shape[axis] = parts.reduce((total, part) => total + part.shape[axis]!, 0)
    return this.emit('Concat', parts, shape, { axis: int(axis) })
  }

  /** x[start : end : step] along each of the axes; ends must lie inside. */
  slice(
    x: OnnxTensor,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps: readonly number[] = axes.map(() => 1),
  ): OnnxTensor {
    const shape = [...x.shape]
    axes.forEach((axis, i) => {
      shape[axis] = Math.ceil((ends[i]! - starts[i]!) / steps[i]!)
    })
    if (shape.every((side, axis) => side === x.shape[axis]) && steps.every((step) => step === 1)) return x
    return this.emit('Slice', [x, ...[starts, ends, axes, steps].map((list) => this.integers(list))], shape)
  }

  /** x backwards along each of the axes. */
  reverse(x: OnnxTensor, axes: readonly number[]): OnnxTensor {
    const starts = axes.map((axis) => x.shape[axis]! - 1)
    const beforeFirst = axes.map((axis) => -x.shape[axis]! - 1)
    const lists = [starts, beforeFirst, axes, axes.map(() => -1)]
    return this.emit('Slice', [x, ...lists.map((list) => this.integers(list))], x.shape)
  }

  /** The entries of an axis in another order, or some of them. */
  gather(x: OnnxTensor, axis: number, places: readonly number[]): OnnxTensor {
    if (places.length === x.shape[axis] && places.every((place, i) => place === i)) return x
    return this.emit('Gather', [x, this.places(places)], x.shape.with(axis, places.length), { axis: int(axis) })
  }

  split(x: OnnxTensor, axis: number, sizes: readonly number[]): readonly OnnxTensor[] {
    if (sizes.length === 1) return [x]
    const results = sizes.map((size) => ({ shape: x.shape.with(axis, size), type: x.type }))
    return this.emitAll('Split', [x, this.integers(sizes)], results, { axis: int(axis) })
  }

  /** Zeros around x: `before` and `after` per axis. */
  pad(x: OnnxTensor, before: readonly number[], after: readonly number[]): OnnxTensor {
    if ([...before, ...after].every((count) => count === 0)) return x
    const shape = x.shape.map((side, axis) => side + before[axis]! + after[axis]!)
    return this.emit('Pad', [x, this.integers([...before, ...after])], shape)
  }

  /** Sum over the axes, which stay with length 1. */
  sum(x: OnnxTensor, axes: readonly number[]): OnnxTensor {
    return this.#reduce('ReduceSum', x, axes)
  }

  mean(x: OnnxTensor, axes: readonly number[]): OnnxTensor {
    return this.#reduce('ReduceMean', x, axes)
  }

  softmax(operator: 'Softmax' | 'LogSoftmax', x: OnnxTensor): OnnxTensor {
    return this.emit(operator, [x], x.shape, { axis: int(-1) })
  }

  /** [.., m, k] · [.., k, n] → [.., m, n] */
  matmul(a: OnnxTensor, b: OnnxTensor): OnnxTensor {
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))
    if (a.shape.at(-1) !== b.shape.at(-2)) throw new Error(`[${a.shape}] and [${b.shape}] cannot be multiplied`)
    return this.emit('MatMul', [a, b], [...batch, a.shape.at(-2)!, b.shape.at(-1)!])
  }

  /** alpha · a·b + beta · bias: two matrices, either transposed, and an optional bias that broadcasts to the result. */
  gemm(a: OnnxTensor, b: OnnxTensor, options: GemmOptions = {}): OnnxTensor {
    const { transA = false, transB = false, alpha = 1, beta = 1, bias } = options
    const [rows, inner] = transA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!]
    const [innerB, columns] = transB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!]
    if (inner !== innerB) throw new Error(`[${a.shape}] and [${b.shape}] cannot be multiplied`)
    const attributes = { transA: int(Number(transA)), transB: int(Number(transB)), alpha: float(alpha), beta: float(beta) }
    return this.emit('Gemm', bias ? [a, b, bias] : [a, b], [rows, columns], attributes)
  }

  /** NCHW convolution; kernel [out, in / group, kh, kw]. */
  conv(x: OnnxTensor, kernel: OnnxTensor, window: Window2d, group = 1, bias?: OnnxTensor): OnnxTensor {
    const sides = windowSides(x.shape.slice(2), window)
    const attributes = { ...windowAttributes(window), group: int(group) }
    return this.emit('Conv', bias ? [x, kernel, bias] : [x, kernel], [x.shape[0]!, kernel.shape[0]!, ...sides], attributes)
  }

  /** The transpose of `conv` with the same kernel [in, out / group, kh, kw] and window; `sides` of the result. */
  convTranspose(x: OnnxTensor, kernel: OnnxTensor, window: Window2d, sides: Pair, group = 1): OnnxTensor {
    const missing = (axis: 0 | 1): number => {
      const { kernel: reach, strides, pads } = window
      return sides[axis] - ((x.shape[axis + 2]! - 1) * strides[axis] + reach[axis] - pads[axis] - pads[axis + 2]!)
    }
    const attributes = { ...windowAttributes(window), group: int(group), output_padding: ints([missing(0), missing(1)]) }
    return this.emit('ConvTranspose', [x, kernel], [x.shape[0]!, kernel.shape[1]! * group, ...sides], attributes)
  }

  /** Averages each window over the positions inside x. */
  averagePool(x: OnnxTensor, window: Window2d): OnnxTensor {
    const shape = [x.shape[0]!, x.shape[1]!, ...windowSides(x.shape.slice(2), window)]
    return this.emit('AveragePool', [x], shape, { ...windowAttributes(window), count_include_pad: int(0) })
  }

  /** Maximum of each window and its place in the flattened x. */
  maxPool(x: OnnxTensor, window: Window2d): { readonly values: OnnxTensor; readonly places: OnnxTensor } {
    const shape = [x.shape[0]!, x.shape[1]!, ...windowSides(x.shape.slice(2), window)]
    const results = [{ shape, type: 'float' } as const, { shape, type: 'int64' } as const]
    const [values, places] = this.emitAll('MaxPool', [x], results, windowAttributes(window))
    return { values: values!, places: places! }
  }

  /** [A, B, …] → [A, B, 1, …]: mean over all but the first two axes. */
  globalAveragePool(x: OnnxTensor): OnnxTensor {
    return this.emit('GlobalAveragePool', [x], [x.shape[0]!, x.shape[1]!, ...x.shape.slice(2).map(() => 1)])
  }

  /** A vector of `size` zeros to which each value is added at its place. */
  scatterAdd(size: number, places: OnnxTensor, values: OnnxTensor): OnnxTensor {
    const zeros = this.expand(this.reshape(this.scalar(0), [1]), [size])
    return this.emit('ScatterElements', [zeros, places, values], [size], { axis: int(0), reduction: string('add') })
  }

  /** Indices that sort the last axis; equal values keep the order of their indices. */
  order(x: OnnxTensor, direction: 'ascending' | 'descending'): OnnxTensor {
    const count = this.integers([x.shape.at(-1)!])
    const results = [{ shape: x.shape, type: x.type } as const, { shape: x.shape, type: 'int64' } as const]
    const attributes = { axis: int(-1), largest: int(Number(direction === 'descending')), sorted: int(1) }
    return this.emitAll('TopK', [x, count], results, attributes)[1]!
  }

  #binary(operator: string, a: OnnxTensor, b: Operand): OnnxTensor {
    if (typeof b !== 'number') return this.#broadcast(operator, a, b)
    return this.#onOriginal(a, (original) => this.emit(operator, [original, this.#beside(original, b)], original.shape))
  }

  #broadcast(operator: string, a: OnnxTensor, b: OnnxTensor): OnnxTensor {
    const shape = broadcastShapes(a.shape, b.shape)
    const [x, y] = [this.#viewed.get(a.name) ?? a, this.#viewed.get(b.name) ?? b]
    // Two whole tensors in the same order of memory: on what both are views of, as `#onOriginal` does.
    if (sameShape(a.shape, b.shape) && sameShape(x.shape, y.shape))
      return this.reshape(this.emit(operator, [x, y], x.shape), shape)
    return this.emit(operator, [a, b], shape)
  }

  /** Element by element on what x is a view of: the view may then not be needed at all. */
  #onOriginal(x: OnnxTensor, emit: (original: OnnxTensor) => OnnxTensor): OnnxTensor {
    return this.reshape(emit(this.#viewed.get(x.name) ?? x), x.shape)
  }

  /** A number with as many axes as x: with fewer, onnxruntime walks a column [C, 1] element by element. */
  #beside(x: OnnxTensor, value: number): OnnxTensor {
    return this.constant(
      Float32Array.of(value),
      x.shape.map(() => 1),
    )
  }

  #reduce(operator: string, x: OnnxTensor, axes: readonly number[]): OnnxTensor {
    if (axes.length === 0) return x
    const shape = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side))
    return this.emit(operator, [x, this.integers(axes)], shape, { keepdims: int(1) })
  }
}

export interface GemmOptions {
  readonly transA?: boolean
  readonly transB?: boolean
  readonly alpha?: number
  readonly beta?: number
  readonly bias?: OnnxTensor
}
