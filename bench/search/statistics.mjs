export function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

/** Of the mean of a sample. */
function squaredError(numbers) {
  const of = mean(numbers)
  return numbers.reduce((sum, number) => sum + (number - of) ** 2, 0) / (numbers.length - 1) / numbers.length
}

/** 95 % interval of the difference of the means of two independent samples (Welch). */
export function difference(one, other) {
  const [a, b] = [squaredError(one), squaredError(other)]
  const at = mean(one) - mean(other)
  if (a + b === 0) return { at, from: at, to: at }
  const freedom = (a + b) ** 2 / (a ** 2 / (one.length - 1) + b ** 2 / (other.length - 1))
  const half = quantile975(freedom) * Math.sqrt(a + b)
  return { at, from: at - half, to: at + half }
}

/** Half the width of the 95 % interval of a mean. */
export function halfWidth(numbers) {
  return numbers.length < 2 ? 0 : quantile975(numbers.length - 1) * Math.sqrt(squaredError(numbers))
}

/** The .975 quantile of Student's t, to .004 from 3 degrees of freedom (Abramowitz and Stegun, 26.7.5). */
export function quantile975(freedom) {
  const x = 1.959963985
  const terms = [
    x,
    (x ** 3 + x) / 4,
    (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96,
    (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384,
    (79 * x ** 9 + 776 * x ** 7 + 1482 * x ** 5 - 1920 * x ** 3 - 945 * x) / 92160,
  ]
  return terms.reduce((sum, term, power) => sum + term / freedom ** power, 0)
}
