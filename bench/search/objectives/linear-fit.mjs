/** Least squares with a ridge, by the normal equations. @returns one weight for each column */
export function fitLinear({ inputs, outputs }, ridge) {
  const columns = inputs[0].length
  const rows = Array.from({ length: columns }, (_, i) => {
    const row = new Float64Array(columns + 1)
    row[i] = ridge
    return row
  })
  inputs.forEach((input, at) => {
    for (let i = 0; i < columns; i++) {
      if (input[i] === 0) continue
      for (let j = 0; j < columns; j++) rows[i][j] += input[i] * input[j]
      rows[i][columns] += input[i] * outputs[at]
    }
  })
  return solved(rows)
}

/** Gauss and Jordan's elimination of a positive definite system: no pivot needs to be looked for. */
function solved(rows) {
  rows.forEach((pivot, i) => {
    const scale = 1 / pivot[i]
    for (let j = i; j < pivot.length; j++) pivot[j] *= scale
    rows.forEach((row, k) => {
      const factor = row[i]
      if (k === i || factor === 0) return
      for (let j = i; j < row.length; j++) row[j] -= factor * pivot[j]
    })
  })
  return rows.map((row) => row.at(-1))
}

/** The share of the variance that the weights explain. */
export function r2({ inputs, outputs }, weights) {
  const mean = outputs.reduce((sum, value) => sum + value, 0) / outputs.length
  let [left, all] = [0, 0]
  inputs.forEach((input, at) => {
    const predicted = input.reduce((sum, value, j) => sum + value * weights[j], 0)
    left += (outputs[at] - predicted) ** 2
    all += (outputs[at] - mean) ** 2
  })
  return 1 - left / all
}
