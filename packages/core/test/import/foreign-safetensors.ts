import type { Tensors } from '@mnas/core/contracts'

/** Bits of a float16 of a number that it holds exactly. */
function halfBits(value: number): number {
  if (value === 0) return 0
  const exponent = Math.floor(Math.log2(Math.abs(value)))
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | ((Math.abs(value) / 2 ** exponent - 1) * 1024)
}

const writers = {
  F16: (data: Float32Array) => Buffer.from(Uint16Array.from(data, halfBits).buffer),
  BF16: (data: Float32Array) => Buffer.from(Uint16Array.from(new Uint32Array(data.buffer), (bits) => bits >>> 16).buffer),
  F64: (data: Float32Array) => Buffer.from(Float64Array.from(data).buffer),
}

/** A file of tensors in a type that mnas itself does not write. */
export function foreignSafetensors(dtype: keyof typeof writers, tensors: Tensors): Buffer {
  let end = 0
  const parts = Object.entries(tensors).map(([name, { shape, data }]) => {
    const bytes = writers[dtype](Float32Array.from(data))
    const begin = end
    end += bytes.length
    return { bytes, entry: [name, { dtype, shape, data_offsets: [begin, end] }] as const }
  })
  const header = Buffer.from(JSON.stringify(Object.fromEntries(parts.map(({ entry }) => entry))))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, ...parts.map(({ bytes }) => bytes)])
}
