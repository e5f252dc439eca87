/** The numbers 0 … count − 1. */
export const rowNumbers = (count: number) => Int32Array.from({ length: count }, (_, row) => row)

/**
 * Rows in ascending order of their keys; those of equal keys stay as they are (counting sort).
 * @param key of each row, 0 … keys − 1
 */
export function sortByKey(rows: Int32Array, key: ArrayLike<number>, keys: number): Int32Array {
  const starts = startsOf(rows, key, keys)
  const sorted = new Int32Array(rows.length)
  for (const row of rows) sorted[starts[key[row]!]!++] = row
  return sorted
}

/** Where the rows of each key begin when they are sorted by it, and behind the last one where they end: keys + 1 numbers. */
export function startsOf(rows: Int32Array, key: ArrayLike<number>, keys: number): Int32Array {
  const starts = new Int32Array(keys + 1)
  for (const row of rows) starts[key[row]! + 1]!++
  for (let next = 0; next < keys; next++) starts[next + 1]! += starts[next]!
  return starts
}

const digits = 1 << 16

/**
 * Rows in descending order of their scores, numbers all; those of equal scores stay as they are (radix sort, 16 bits at a time).
 */
export function sortByScore(rows: Int32Array, score: Float64Array): Int32Array {
  const halves = descendingBits(score)
  const digit = new Uint16Array(score.length)
  let sorted = rows
  for (const half of [halves.low, halves.high]) {
    for (const shift of [0, 16]) {
      for (let row = 0; row < half.length; row++) digit[row] = half[row]! >>> shift
      sorted = sortByKey(sorted, digit, digits)
    }
  }
  return sorted
}

/**
 * Unsigned numbers of 64 bits that ascend where the scores descend: the bits of doubles of one sign are in the order of their
 * size.
 */
function descendingBits(score: Float64Array) {
  const [high, low] = [new Uint32Array(score.length), new Uint32Array(score.length)]
  const view = new DataView(new ArrayBuffer(8))
  for (let row = 0; row < score.length; row++) {
    view.setFloat64(0, score[row]! + 0) // 0 for −0
    const [upper, lower] = [view.getUint32(0), view.getUint32(4)]
    const isNegative = upper >>> 31 === 1
    high[row] = isNegative ? upper : ~upper & 0x7fffffff
    low[row] = isNegative ? lower : ~lower
  }
  return { high, low }
}
