import type { DType, FileDType, FileTensor, Tensor, Tensors } from '@mnas/core/contracts'
import { typedArrays } from '@mnas/core/weights'
import { quotedName } from '../flatbuffer/quoted-name.js'

/** Inputs or outputs as they lie in memory, little-endian, by name. */
export type TensorBytes = Readonly<Record<string, Uint8Array>>

const elementBytes: { readonly [T in FileDType]: number } = {
  float32: 4,
  float16: 2,
  float64: 8,
  int8: 1,
  uint8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
}

export const elementsOf = ({ shape }: Pick<FileTensor, 'shape'>): number => shape.reduce((product, side) => product * side, 1)

export const bytesOf = (tensor: Pick<FileTensor, 'shape' | 'dtype'>): number => elementsOf(tensor) * elementBytes[tensor.dtype]

/** Without a copy. */
export function toBytes(tensors: Tensors): TensorBytes {
  const view = ({ data }: Tensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, view(tensor)]))
}

/** @throws Error in words for a type that no Tensor has, and for other sizes than the file declares */
export function toTensors(bytes: TensorBytes, declared: readonly FileTensor[]): Tensors {
  return Object.fromEntries(declared.map((tensor) => [tensor.name, toTensor(bytes[tensor.name], tensor)]))
}

function toTensor(bytes: Uint8Array | undefined, { name, shape, dtype, ...rest }: FileTensor): Tensor {
  if (!isDType(dtype))
    throw new Error(`its output ${quotedName(name)} is ${dtype}: it can be timed, but its values cannot be handed on`)
  const expected = bytesOf({ shape, dtype, ...rest })
  if (bytes?.byteLength !== expected) {
    const type = `${dtype} [${shape.join(', ')}]`
    throw new Error(`its output ${quotedName(name)} has ${bytes?.byteLength ?? 0} bytes, expected ${expected} of ${type}`)
  }
  return { dtype, shape, data: new typedArrays[dtype](bytes.slice().buffer) }
}

function isDType(dtype: FileDType): dtype is DType {
  return dtype in typedArrays
}
