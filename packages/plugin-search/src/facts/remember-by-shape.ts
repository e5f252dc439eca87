import type { TensorSpec } from '@mnas/core/contracts'
import type { Part } from './part.js'

/**
 * Remembers what is made of an object for each shape of its input. Objects are told apart by identity: a space gives equal rows
 * as one.
 */
export function rememberByShape<T extends object>(
  shapes: (spec: TensorSpec) => TensorSpec,
  make: (of: T, input: TensorSpec) => Part,
): (of: T, input: TensorSpec) => Part {
  const known = new WeakMap<T, Map<TensorSpec, Part>>()
  return (of, input) => {
    let byShape = known.get(of)
    if (!byShape) {
      byShape = new Map()
      known.set(of, byShape)
    }
    const shape = shapes(input)
    let part = byShape.get(shape)
    if (!part) {
      const made = make(of, shape)
      part = { ...made, output: shapes(made.output) }
      byShape.set(shape, part)
    }
    return part
  }
}

/** One object for each shape, so that shapes are compared by identity. */
export function shapeTable(): (spec: TensorSpec) => TensorSpec {
  const known = new Map<string, TensorSpec>()
  const own = new WeakSet<TensorSpec>()
  return (spec) => {
    if (own.has(spec)) return spec
    const { shape, dtype, batched } = spec
    const key = shape.join(' ')
    let found = known.get(key)
    if (!found) {
      found = { shape, dtype, batched }
      known.set(key, found)
      own.add(found)
    }
    return found
  }
}
