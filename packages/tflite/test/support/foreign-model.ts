import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Builder, type Offset } from 'flatbuffers'
import { temporaryFolder } from './models.js'

/** Numbers of the schema, written here a second time: a test must not share a mistake of the sources. */
export const types = { float32: 0, float16: 1, int32: 2, uint8: 3, int64: 4, string: 5, bool: 6, int16: 7, int8: 9, float64: 10 }
const cast = 53
const custom = 32
const reshape = 22

export interface ForeignModel {
  readonly type: keyof typeof types
  readonly shape: readonly number[]
  /** shape_signature, −1 = open. Default: none. */
  readonly open?: readonly number[]
  /** A custom op instead of the CAST to float32. */
  readonly customOp?: string
  /** A RESHAPE instead, of a float32 `x` to the shape that another input, `shape`, says. */
  readonly shapeOfInput?: true
  /** A second CAST, of `x2` to `y2`, and a signature that names and lists the second pair before the first. */
  readonly crossed?: true
}

/**
 * A file of one operator without a signature, as old converters wrote them: input `x` of a type, output `y` in float32.
 * @returns its path
 */
export function foreignModel(model: ForeignModel): string {
  const builder = new Builder(1024)
  const vector = (offsets: readonly Offset[]) => {
    builder.startVector(4, offsets.length, 4)
    for (const offset of offsets.toReversed()) builder.addOffset(offset)
    return builder.endVector()
  }
  const ints = (values: readonly number[]) => {
    builder.startVector(4, values.length, 4)
    for (const value of values.toReversed()) builder.addInt32(value)
    return builder.endVector()
  }
  const tensor = (name: string, type: number, sizes = model.shape) => {
    const [shape, text, open] = [ints(sizes), builder.createString(name), model.open ? ints(model.open) : 0]
    builder.startObject(9)
    builder.addFieldOffset(0, shape, 0)
    builder.addFieldInt8(1, type, 0)
    builder.addFieldInt32(2, 0, 0)
    builder.addFieldOffset(3, text, 0)
    if (open) builder.addFieldOffset(7, open, 0)
    return builder.endObject()
  }
  const operator = (first = 0) => {
    const [inputs, outputs] = [ints(model.shapeOfInput ? [0, 2] : [first]), ints([first + 1])]
    let options: Offset = 0
    if (model.customOp === undefined && !model.shapeOfInput) {
      builder.startObject(2)
      builder.addFieldInt8(0, types[model.type], -1)
      builder.addFieldInt8(1, types.float32, -1)
      options = builder.endObject()
    }
    builder.startObject(6)
    builder.addFieldOffset(1, inputs, 0)
    builder.addFieldOffset(2, outputs, 0)
    if (options) {
      builder.addFieldInt8(3, 37, 0)
      builder.addFieldOffset(4, options, 0)
    }
    return builder.endObject()
  }
  const subgraph = () => {
    const shapes = model.shapeOfInput ? [tensor('shape', types.int32, [model.shape.length])] : []
    const pair = (number: string) => [tensor(`x${number}`, types[model.type]), tensor(`y${number}`, types.float32)]
    const tensors = vector([...pair(''), ...shapes, ...(model.crossed ? pair('2') : [])])
    const [inputs, outputs, operators, name] = [
      ints(model.shapeOfInput || model.crossed ? [0, 2] : [0]),
      ints(model.crossed ? [1, 3] : [1]),
      vector(model.crossed ? [operator(), operator(2)] : [operator()]),
      builder.createString('main'),
    ]
    builder.startObject(5)
    for (const [slot, offset] of [tensors, inputs, outputs, operators, name].entries()) builder.addFieldOffset(slot, offset, 0)
    return builder.endObject()
  }
  const code = () => {
    const name = model.customOp === undefined ? 0 : builder.createString(model.customOp)
    const builtin = model.shapeOfInput ? reshape : model.customOp === undefined ? cast : custom
    builder.startObject(4)
    builder.addFieldInt8(0, builtin, 0)
    if (name) builder.addFieldOffset(1, name, 0)
    builder.addFieldInt32(2, 1, 0)
    builder.addFieldInt32(3, builtin, 0)
    return builder.endObject()
  }
  const buffer = () => {
    builder.startObject(1)
    return builder.endObject()
  }
  const entry = (name: string, index: number) => {
    const text = builder.createString(name)
    builder.startObject(2)
    builder.addFieldOffset(0, text, 0)
    builder.addFieldInt32(1, index, 0)
    return builder.endObject()
  }
  const signature = () => {
    const inputs = vector([entry('second', 2), entry('first', 0)])
    const outputs = vector([entry('second', 3), entry('first', 1)])
    const key = builder.createString('serving_default')
    builder.startObject(5)
    for (const [slot, offset] of [inputs, outputs, key].entries()) builder.addFieldOffset(slot, offset, 0)
    return builder.endObject()
  }
  const [codes, subgraphs, description] = [vector([code()]), vector([subgraph()]), builder.createString('foreign')]
  const buffers = vector([buffer()])
  const signatures = model.crossed ? vector([signature()]) : 0
  builder.startObject(8)
  builder.addFieldInt32(0, 3, 0)
  for (const [index, offset] of [codes, subgraphs, description, buffers].entries()) builder.addFieldOffset(index + 1, offset, 0)
  if (signatures) builder.addFieldOffset(7, signatures, 0)
  builder.finish(builder.endObject(), 'TFL3')
  const path = join(temporaryFolder(), 'foreign.tflite')
  writeFileSync(path, builder.asUint8Array())
  return path
}
