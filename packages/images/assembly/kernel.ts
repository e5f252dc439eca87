/**
 * The inner loops of linear resampling, on RGB bytes in linear memory, with SIMD. src/resampling/resampler.ts lays the memory out and says what is to be
 * computed; test/support/resample-reference.ts is the same in plain TypeScript.
 *
 * A weight has 22 bits behind the point, too many for the 16-bit products that SIMD is good at, so it comes in two halves of 11 bits: the sum
 * of the high products, shifted, plus the sum of the low ones is the sum of the whole products, to the bit. The weights of two neighbouring
 * taps lie side by side as 16-bit numbers, as the dot product wants them (a pair: 4 bytes of high halves, then 4 of low ones). A tap too many
 * has weight 0, so whatever byte it reads does not matter. Writes run up to 15 bytes over the end of a row, reads up to 15 or some rows.
 */

const fractionBits: i32 = 22
const lowBits: i32 = 11
const half: i32 = 1 << (fractionBits - 1)

/**
 * Along x: rows of RGB pixels become rows of `outputs` pixels.
 * @param first for each output the byte offset in its row of the first pixel that it reads, u32
 * @param weights `pairs` pairs for each output
 */
export function resampleRows(
  source: usize,
  sourceStride: usize,
  rows: i32,
  outputs: i32,
  first: usize,
  weights: usize,
  pairs: i32,
  target: usize,
  targetStride: usize,
): void {
  for (let row = 0; row < rows; row += 2) {
    // Two rows share the reading of the weights; an odd last one is computed with itself.
    const second = row + 1 < rows
    const nextSource = second ? sourceStride : 0
    const nextTarget = second ? targetStride : 0
    if (pairs === 1) twoRowsOfOnePair(source, nextSource, outputs, first, weights, target, nextTarget)
    else if (pairs === 2) twoRowsOfTwoPairs(source, nextSource, outputs, first, weights, target, nextTarget)
    else twoRows(source, nextSource, outputs, first, weights, pairs, target, nextTarget)
    source += 2 * sourceStride
    target += 2 * targetStride
  }
}

function twoRowsOfOnePair(
  a: usize,
  nextSource: usize,
  outputs: i32,
  first: usize,
  weights: usize,
  to: usize,
  nextTarget: usize,
): void {
  for (let x = 0; x < outputs; x++) {
    const from = a + load<u32>(first)
    const high = v128.load32_splat(weights)
    const low = v128.load32_splat(weights, 4)
    const one = firstPair(v128.load64_zero(from))
    const other = firstPair(v128.load64_zero(from + nextSource))
    storePixel(to, i32x4.dot_i16x8_s(one, high), i32x4.dot_i16x8_s(one, low))
    storePixel(to + nextTarget, i32x4.dot_i16x8_s(other, high), i32x4.dot_i16x8_s(other, low))
    first += 4
    weights += 8
    to += 3
  }
}

function twoRowsOfTwoPairs(
  a: usize,
  nextSource: usize,
  outputs: i32,
  first: usize,
  weights: usize,
  to: usize,
  nextTarget: usize,
): void {
  for (let x = 0; x < outputs; x++) {
    const from = a + load<u32>(first)
    const high = v128.load32_splat(weights)
    const low = v128.load32_splat(weights, 4)
    const high2 = v128.load32_splat(weights, 8)
    const low2 = v128.load32_splat(weights, 12)
    storeTwoPairs(to, v128.load(from), high, low, high2, low2)
    storeTwoPairs(to + nextTarget, v128.load(from + nextSource), high, low, high2, low2)
    first += 4
    weights += 16
    to += 3
  }
}

function storeTwoPairs(to: usize, pixels: v128, high: v128, low: v128, high2: v128, low2: v128): void {
  const pair = firstPair(pixels)
  const pair2 = secondPair(pixels)
  storePixel(
    to,
    i32x4.add(i32x4.dot_i16x8_s(pair, high), i32x4.dot_i16x8_s(pair2, high2)),
    i32x4.add(i32x4.dot_i16x8_s(pair, low), i32x4.dot_i16x8_s(pair2, low2)),
  )
}

function twoRows(
  a: usize,
  nextSource: usize,
  outputs: i32,
  first: usize,
  weights: usize,
  pairs: i32,
  to: usize,
  nextTarget: usize,
): void {
  for (let x = 0; x < outputs; x++) {
    let from = a + load<u32>(first)
    let high = i32x4.splat(0)
    let low = high
    let high2 = high
    let low2 = high
    for (let pair = 0; pair < pairs; pair++) {
      const weightHigh = v128.load32_splat(weights)
      const weightLow = v128.load32_splat(weights, 4)
      const one = firstPair(v128.load64_zero(from))
      const other = firstPair(v128.load64_zero(from + nextSource))
      high = i32x4.add(high, i32x4.dot_i16x8_s(one, weightHigh))
      low = i32x4.add(low, i32x4.dot_i16x8_s(one, weightLow))
      high2 = i32x4.add(high2, i32x4.dot_i16x8_s(other, weightHigh))
      low2 = i32x4.add(low2, i32x4.dot_i16x8_s(other, weightLow))
      from += 6
      weights += 8
    }
    storePixel(to, high, low)
    storePixel(to + nextTarget, high2, low2)
    first += 4
    to += 3
  }
}

/** Pixels 0 and 1 of RGB bytes → 16-bit R0 R1 G0 G1 B0 B1. */
function firstPair(bytes: v128): v128 {
  return v128.swizzle(bytes, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1))
}

/** Pixels 2 and 3. */
function secondPair(bytes: v128): v128 {
  return v128.swizzle(bytes, i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1))
}

/** Four bytes: the fourth belongs to the pixel that comes next. */
function storePixel(to: usize, high: v128, low: v128): void {
  const sum = i32x4.shr_u(joined(high, low), fractionBits)
  v128.store32_lane(to, v128.swizzle(sum, i8x16(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)), 0)
}

/** The sum of the whole products, and what rounds it. */
function joined(high: v128, low: v128): v128 {
  return i32x4.add(i32x4.add(i32x4.shl(high, lowBits), low), i32x4.splat(half))
}

/**
 * Along y: rows of `length` bytes become `outputs` rows without gaps.
 * @param first for each output the first row that it reads, u32
 * @param weights `pairs` pairs for each output
 */
export function resampleColumns(
  source: usize,
  sourceStride: usize,
  length: i32,
  outputs: i32,
  first: usize,
  weights: usize,
  pairs: i32,
  target: usize,
): void {
  for (let y = 0; y < outputs; y++) {
    const from = source + <usize>load<u32>(first) * sourceStride
    for (let x = 0; x < length; x += 16) sixteenBytes(from + x, sourceStride, weights, pairs, target + x)
    first += 4
    weights += <usize>pairs * 8
    target += length
  }
}

function sixteenBytes(from: usize, stride: usize, weights: usize, pairs: i32, to: usize): void {
  let high0 = i32x4.splat(0)
  let high1 = high0
  let high2 = high0
  let high3 = high0
  let low0 = high0
  let low1 = high0
  let low2 = high0
  let low3 = high0
  for (let pair = 0; pair < pairs; pair++) {
    const a = v128.load(from)
    const b = v128.load(from + stride)
    const left = v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
    const right = v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
    const bytes0 = i16x8.extend_low_i8x16_u(left)
    const bytes1 = i16x8.extend_high_i8x16_u(left)
    const bytes2 = i16x8.extend_low_i8x16_u(right)
    const bytes3 = i16x8.extend_high_i8x16_u(right)
    const high = v128.load32_splat(weights)
    const low = v128.load32_splat(weights, 4)
    high0 = i32x4.add(high0, i32x4.dot_i16x8_s(bytes0, high))
    high1 = i32x4.add(high1, i32x4.dot_i16x8_s(bytes1, high))
    high2 = i32x4.add(high2, i32x4.dot_i16x8_s(bytes2, high))
    high3 = i32x4.add(high3, i32x4.dot_i16x8_s(bytes3, high))
    low0 = i32x4.add(low0, i32x4.dot_i16x8_s(bytes0, low))
    low1 = i32x4.add(low1, i32x4.dot_i16x8_s(bytes1, low))
    low2 = i32x4.add(low2, i32x4.dot_i16x8_s(bytes2, low))
    low3 = i32x4.add(low3, i32x4.dot_i16x8_s(bytes3, low))
    from += 2 * stride
    weights += 8
  }
  const sums01 = i16x8.narrow_i32x4_u(byteOf(high0, low0), byteOf(high1, low1))
  const sums23 = i16x8.narrow_i32x4_u(byteOf(high2, low2), byteOf(high3, low3))
  v128.store(to, i8x16.narrow_i16x8_u(sums01, sums23))
}

function byteOf(high: v128, low: v128): v128 {
  return i32x4.shr_u(joined(high, low), fractionBits)
}

/** Bytes → numbers by a table for each channel, 256 f32 each, one behind the other. */
export function lookUp(source: usize, pixels: i32, tables: usize, target: usize): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    store<f32>(target, load<f32>(tables + ((<usize>load<u8>(source)) << 2)))
    store<f32>(target, load<f32>(tables + ((<usize>load<u8>(source, 1)) << 2), 1024), 4)
    store<f32>(target, load<f32>(tables + ((<usize>load<u8>(source, 2)) << 2), 2048), 8)
    source += 3
    target += 12
  }
}
