import type { TensorSpec } from '../../contracts/index.js'

/** What the interpreter takes in: any array of numbers with its shape, the batch in front when its spec is batched. */
export interface TensorLike {
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}

/** What the interpreter computes with: float64, row-major; `shape` has the batch in front when `batched`. */
export interface Value {
  readonly shape: readonly number[]
  readonly batched: boolean
  readonly data: Float64Array
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** The full shape of a value of that spec in a batch of `batch`. */
export function fullShape(spec: Pick<TensorSpec, 'shape' | 'batched'>, batch: number): readonly number[] {
  return spec.batched ? [batch, ...spec.shape] : spec.shape
}

/** The shape without the batch. */
export function exampleShape(value: Value): readonly number[] {
  return value.batched ? value.shape.slice(1) : value.shape
}

/** Number of elements of one example (of the whole value when it is unbatched). */
export function exampleSize(value: Value): number {
  return sizeOf(exampleShape(value))
}

/** How many examples there are to go through: the batch, or 1 for an unbatched value. */
export function exampleCount(value: Value): number {
  return value.batched ? value.shape[0]! : 1
}

/** Where example n begins. An unbatched value is the same for every example. */
export function exampleStart(value: Value, n: number): number {
  return value.batched ? n * exampleSize(value) : 0
}

/** Length of the last axis; 1 for a scalar. */
export function lastAxis(value: Value): number {
  return exampleShape(value).at(-1) ?? 1
}

/** [height, width, channels] of one example of an image-like value. */
export function imageShape(value: Value): readonly [height: number, width: number, channels: number] {
  const [height, width, channels] = exampleShape(value)
  return [height!, width!, channels!]
}
