// @ts-check
/** Largest difference of a colour, in levels. @returns {import('@mnas/core/contracts').AgreementAccumulator} */
export function agreement() {
  let maxError = 0
  let total = 0
  let colours = 0
  return {
    distanceName: 'mean difference in levels',
    add(engine, file) {
      const [expected, received] = [engine['colour']?.data ?? [], file['colour']?.data ?? []]
      for (const [channel, value] of expected.entries()) {
        const error = 127.5 * Math.abs(value - (received[channel] ?? 0))
        maxError = Math.max(maxError, error)
        total += error
        colours++
      }
    },
    result: () => ({ maxError }),
    comparison: () => ({ distance: total / Math.max(1, colours), sameAnswers: null, quality: null }),
    summary: () => `largest difference ${maxError.toExponential(1)} levels`,
  }
}
