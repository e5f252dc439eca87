import type { AskedFile, FileTensor, Tensor, Tensors } from '../../contracts/index.js'
import type { Infer } from './verify-files.js'

type Integers = 'uint8' | 'int8'
const limits = { uint8: [0, 255], int8: [-128, 127] } as const satisfies Readonly<Record<Integers, readonly [number, number]>>

/** The same as `infer`, with numbers that stand for themselves on both sides, whatever integers a file takes and gives. */
export function withRealValues(infer: Infer): Infer {
  return async function* (file, inputs) {
    for await (const outputs of infer(file, stored(inputs, file))) yield eachTensor(outputs, file.outputs, toReal)
  }
}

async function* stored(inputs: AsyncIterable<Tensors>, file: AskedFile): AsyncGenerator<Tensors> {
  for await (const tensors of inputs) yield asStored(tensors, file)
}

/** Inputs as a file stores them. */
export const asStored = (tensors: Tensors, { inputs }: Pick<AskedFile, 'inputs'>): Tensors =>
  eachTensor(tensors, inputs, toStored)

function eachTensor(
  tensors: Tensors,
  declared: readonly FileTensor[],
  convert: (tensor: Tensor, as: FileTensor) => Tensor,
): Tensors {
  const known = new Map(declared.map((tensor) => [tensor.name, tensor] as const))
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const as = known.get(name)
      return [name, as?.affine ? convert(tensor, as) : tensor]
    }),
  )
}

const isInteger = (dtype: FileTensor['dtype']): dtype is Integers => dtype in limits

/** real = scale · (stored − zeroPoint), rounded to the nearest and kept within what the type holds. */
function toStored(tensor: Tensor, { dtype, affine }: FileTensor): Tensor {
  if (!affine || !isInteger(dtype) || tensor.dtype !== 'float32') return tensor
  const [low, high] = limits[dtype]
  const [scale, zeroPoint] = [affine.scale[0]!, affine.zeroPoint[0]!]
  const integer = (value: number) => Math.min(high, Math.max(low, Math.round(value / scale) + zeroPoint))
  const { shape } = tensor
  return dtype === 'uint8'
    ? { dtype, shape, data: Uint8Array.from(tensor.data, integer) }
    : { dtype, shape, data: Int8Array.from(tensor.data, integer) }
}

function toReal(tensor: Tensor, { affine }: FileTensor): Tensor {
  if (!affine || tensor.dtype === 'float32') return tensor
  const [scale, zeroPoint] = [affine.scale[0]!, affine.zeroPoint[0]!]
  return { dtype: 'float32', shape: tensor.shape, data: Float32Array.from(tensor.data, (value) => scale * (value - zeroPoint)) }
}
