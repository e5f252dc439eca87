const bits = new Uint32Array(1)
const number = new Float32Array(bits.buffer)

const signBit = 0x8000
/** The largest finite float16, 65,504. A larger weight becomes it: infinity would spoil every answer. */
const largest = 0x7bff

/** float32 → the bits of float16 (IEEE 754 binary16), rounded to nearest, ties to even. */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, float16Bits)
}

function float16Bits(value: number): number {
  number[0] = value
  const whole = bits[0]!
  const sign = (whole >>> 16) & signBit
  const exponent = ((whole >>> 23) & 0xff) - 127 + 15
  const fraction = whole & 0x7fffff
  if (exponent >= 31) return sign | largest
  // Below 2⁻²⁵ nothing is left; from there to 2⁻¹⁴ the leading 1 is part of the stored fraction.
  if (exponent < -10) return sign
  const shift = exponent <= 0 ? 14 - exponent : 13
  const kept = exponent <= 0 ? fraction | 0x800000 : fraction
  const base = exponent <= 0 ? 0 : exponent << 10
  // A carry out of the fraction goes on into the exponent, as it should.
  const rounded = base + roundedShift(kept, shift)
  return sign | Math.min(rounded, largest)
}

function roundedShift(value: number, shift: number): number {
  const half = 1 << (shift - 1)
  const rest = value & ((1 << shift) - 1)
  const shifted = value >>> shift
  return rest > half || (rest === half && (shifted & 1) === 1) ? shifted + 1 : shifted
}
