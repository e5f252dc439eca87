import type { DType, FileTensor, ModelFile, NumericCheck, Tensor, Tensors } from '@mnas/core/contracts'

/** Of the range of the outputs: what float16 arithmetic may move, and a step or two of 8-bit numbers. */
const tolerance = { float: 1e-2, quantised: 2e-2 }

/** Inputs to ask both sides with, the same each time; null for a file whose inputs are not known, or not of types that can be drawn. */
export function checkInputs({ inputs, outputs }: Pick<ModelFile, 'inputs' | 'outputs'>): Tensors | null {
  if (inputs.length === 0 || outputs.length === 0) return null
  const drawn = inputs.map((input) => [input.name, draw(input)] as const)
  return drawn.some(([, tensor]) => tensor === null) ? null : (Object.fromEntries(drawn) as Tensors)
}

/** Low-discrepancy, 0–1: multiples of the golden ratio, modulo 1. */
const fraction = (position: number) => ((position + 1) * 0.618033988749895) % 1

function draw({ dtype, shape: declared }: FileTensor): Tensor | null {
  const shape = declared.map((size) => (size < 0 ? 1 : size))
  const length = shape.reduce((product, size) => product * size, 1)
  const values = Array.from({ length }, (_, position) => fraction(position))
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: Float32Array.from(values, (value) => 2 * value - 1) }
    case 'uint8':
      return { dtype, shape, data: Uint8Array.from(values, (value) => Math.floor(256 * value)) }
    case 'int8':
      return { dtype, shape, data: Int8Array.from(values, (value) => Math.floor(256 * value) - 128) }
    default:
      return null
  }
}

export function compareOutputs(here: Tensors, there: Tensors): NumericCheck {
  let [largest, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let dtype: DType = 'float32'
  for (const [name, expected] of Object.entries(here)) {
    const received = there[name]
    dtype = expected.dtype
    if (received?.data.length !== expected.data.length) return { agrees: false, difference: 1 }
    for (const [position, value] of expected.data.entries()) {
      const other = received.data[position] ?? Number.NaN
      largest = Math.max(largest, Number.isFinite(other) ? Math.abs(value - other) : Number.MAX_VALUE)
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  const difference = Math.min(largest / (high - low || 1), 1e9)
  return { agrees: difference <= (dtype === 'float32' ? tolerance.float : tolerance.quantised), difference }
}

const makers = {
  float32: (bytes: Uint8Array) => new Float32Array(Uint8Array.from(bytes).buffer),
  int32: (bytes: Uint8Array) => new Int32Array(Uint8Array.from(bytes).buffer),
  uint8: (bytes: Uint8Array) => Uint8Array.from(bytes),
  int8: (bytes: Uint8Array) => Int8Array.from(bytes, (byte) => (byte << 24) >> 24),
} satisfies Record<DType, (bytes: Uint8Array) => Tensor['data']>
const sizes = { float32: 4, int32: 4, uint8: 1, int8: 1 } satisfies Record<DType, number>

/** Raw bytes of all outputs behind each other, as benchmark_model writes them; null when they are more or fewer than the file says. */
export function tensorsOfBytes(outputs: readonly FileTensor[], bytes: Uint8Array): Tensors | null {
  const tensors: Record<string, Tensor> = {}
  let at = 0
  for (const { name, shape: declared, dtype } of outputs) {
    if (!isDType(dtype)) return null
    const shape = declared.map((size) => (size < 0 ? 1 : size))
    const length = sizes[dtype] * shape.reduce((product, size) => product * size, 1)
    if (at + length > bytes.length) return null
    tensors[name] = { dtype, shape, data: makers[dtype](bytes.subarray(at, at + length)) }
    at += length
  }
  return at === bytes.length ? tensors : null
}

const isDType = (dtype: FileTensor['dtype']): dtype is DType => dtype in sizes
