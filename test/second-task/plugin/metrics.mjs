// @ts-check
/** Levels of a value from −1 to 1. @param {number} value */
export const levelOf = (value) => Math.min(255, Math.max(0, value * 127.5 + 127.5))

/**
 * From `colours` and the truth of the photos:
 *   closeness   1 − meanError / 255
 *   meanError   mean difference of a picture's mean colour, in levels 0–255
 *   loss        mean squared error of the cells that the targets hold
 * @returns {import('@mnas/core/contracts').MetricsAccumulator}
 */
export function metrics() {
  let [count, error, loss] = [0, 0, 0]
  return {
    add({ inputs, examples, truth = [] }, outputs) {
      const [answers, cells] = [outputs['colours'], inputs['cells']]
      if (!answers || !cells) throw new Error('colours needs the model output "colours" and the target "cells"')
      const length = cells.data.length / examples.length
      for (const [row, example] of examples.entries()) {
        if (example < 0) continue
        const answer = answers.data.subarray(row * length, (row + 1) * length)
        const wanted = cells.data.subarray(row * length, (row + 1) * length)
        const { colour } = /** @type {{ colour: readonly number[] }} */ (truth[row])
        count++
        error += meanOf(
          colour.map((level, channel) => Math.abs(level - levelOf(meanOf([...answer].filter((_, at) => at % 3 === channel))))),
        )
        loss += meanOf([...answer].map((value, at) => (value - (wanted[at] ?? 0)) ** 2))
      }
    },
    result() {
      const meanError = count === 0 ? 255 : error / count
      return { closeness: 1 - meanError / 255, meanError, loss: count === 0 ? 0 : loss / count, count }
    },
  }
}

/** @param {readonly number[]} values */
const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
