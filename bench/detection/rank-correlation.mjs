/** Correlations of the orders of two lists of equal length; null where all values of one are alike. */

/** Spearman's ρ: the correlation of the ranks, equal values sharing the mean of theirs. */
export function spearman(a, b) {
  const [x, y] = [ranksOf(a), ranksOf(b)]
  const mean = (a.length - 1) / 2
  const sum = (p, q) => p.reduce((total, value, at) => total + (value - mean) * (q[at] - mean), 0)
  const scale = Math.sqrt(sum(x, x) * sum(y, y))
  return scale === 0 ? null : sum(x, y) / scale
}

function ranksOf(values) {
  return values.map((value) => {
    const less = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return less + (equal - 1) / 2
  })
}

/** Kendall's τ-b: pairs in the same order less those in the other, by the pairs that are not ties. */
export function kendall(a, b) {
  let [difference, pairsOfA, pairsOfB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [signA, signB] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])]
      difference += signA * signB
      pairsOfA += Math.abs(signA)
      pairsOfB += Math.abs(signB)
    }
  }
  return pairsOfA * pairsOfB === 0 ? null : difference / Math.sqrt(pairsOfA * pairsOfB)
}
