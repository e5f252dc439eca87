// @ts-check
/** Largest difference of a colour, in levels. @returns {import('@mnas/core/contracts').AgreementAccumulator} */
export function agreement() {
  let maxError = 0
  return {
    add(engine, file) {
      const [expected, received] = [engine['colour']?.data ?? [], file['colour']?.data ?? []]
      for (const [channel, value] of expected.entries())
        maxError = Math.max(maxError, 127.5 * Math.abs(value - (received[channel] ?? 0)))
    },
    result: () => ({ maxError }),
    summary: () => `largest difference ${maxError.toExponential(1)} levels`,
  }
}
