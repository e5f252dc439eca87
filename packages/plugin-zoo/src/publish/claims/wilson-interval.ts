/** Of the standard normal distribution: 95 % of it lies within. */
const z = 1.959963984540054

/**
 * Wilson's interval of 95 % for a share (Wilson 1927): what the number of examples alone leaves open.
 * @param right of `all` examples; all ≥ 1
 * @returns within 0–1
 */
export function wilsonInterval(right: number, all: number): [number, number] {
  const share = right / all
  const scale = 1 + z ** 2 / all
  const middle = (share + z ** 2 / (2 * all)) / scale
  const half = (z * Math.sqrt((share * (1 - share)) / all + (z / (2 * all)) ** 2)) / scale
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}
