/** Floating-point types that other libraries save weights in, and how each becomes float32. Values are little-endian, as in the file. */
export const foreignFloats = {
  F16: { bytes: 2, toFloat32: (buffer: ArrayBuffer) => Float32Array.from(new Uint16Array(buffer), fromHalf) },
  BF16: { bytes: 2, toFloat32: (buffer: ArrayBuffer) => fromBfloat16(new Uint16Array(buffer)) },
  /** Rounded to the nearest; beyond float32's range it becomes infinite. */
  F64: { bytes: 8, toFloat32: (buffer: ArrayBuffer) => Float32Array.from(new Float64Array(buffer)) },
} as const
export type ForeignFloat = keyof typeof foreignFloats

/**
 * IEEE 754 binary16: sign, 5 bits of exponent e, 10 of fraction f.
 *
 *   e = 0   f·2⁻²⁴          e = 31   infinite, NaN when f > 0          else   (1024 + f)·2^(e − 25)
 */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff]
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction > 0 ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** The upper half of a float32. */
function fromBfloat16(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer)
}
