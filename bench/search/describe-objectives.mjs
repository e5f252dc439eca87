/**
 * What the objectives of this bench are like: how linear, how noisy, where the budget lies.
 *
 *   node bench/search/describe-objectives.mjs [NAME …]
 *
 * R²: least squares on the one-hot coded choices of 4,000 random canonical genomes (seed 11), on the same and on 4,000 others
 * (seed 12). Headroom, within the budget: the best of 100,000 random genomes, and of 20 hill climbs (seed 13).
 */
import { headroom } from './objectives/headroom.mjs'
import { fitLinear, r2 } from './objectives/linear-fit.mjs'
import { objectiveNames, openObjective } from './objectives/objectives.mjs'
import { randomGenomes } from './objectives/random.mjs'

const oneHot = ({ decisions }) => {
  const begins = [0]
  for (const { choices } of decisions) begins.push(begins.at(-1) + choices.length)
  return (genome) => {
    const row = new Float64Array(begins.at(-1) + 1)
    genome.forEach((value, d) => {
      row[begins[d] + value] = 1
    })
    row[begins.at(-1)] = 1
    return row
  }
}

const named = process.argv.slice(2)
for (const name of named.length > 0 ? named : objectiveNames) {
  const objective = await openObjective(name)
  const { space, facts, targetMs, noiseSd, value } = objective
  const [fitted, others] = [11, 12].map((seed) => randomGenomes(space, 4000, seed))
  const code = oneHot(space)
  const rows = (genomes) => ({ inputs: genomes.map(code), outputs: genomes.map(value) })
  const weights = fitLinear(rows(fitted), 1e-6)
  const latencies = fitted.map((genome) => facts(genome).latency.latencyMs)
  const values = rows(fitted).outputs.toSorted((a, b) => a - b)
  const near = fitted.filter((_, i) => latencies[i] <= targetMs && latencies[i] >= 0.8 * targetMs)
  console.log(
    JSON.stringify({
      name,
      linearR2: round(r2(rows(fitted), weights)),
      linearR2OfOthers: round(r2(rows(others), weights)),
      values: [0, 0.05, 0.5, 0.95, 0.9999].map((share) => round(values[Math.floor(share * values.length)], 4)),
      noiseSd: round(noiseSd, 5),
      targetMs: round(targetMs),
      latencies: [Math.min(...latencies), Math.max(...latencies)].map((ms) => round(ms)),
      withinBudget: round(latencies.filter((ms) => ms <= targetMs).length / latencies.length),
      macsCorrelation: round(correlation(near.map((genome) => [Math.log(facts(genome).costs.macs), value(genome)]))),
      headroom: Object.fromEntries(Object.entries(headroom(objective, 13)).map(([of, number]) => [of, round(number, 4)])),
    }),
  )
}

function correlation(pairs) {
  const mean = [0, 1].map((i) => pairs.reduce((sum, pair) => sum + pair[i], 0) / pairs.length)
  const product = (i, j) => pairs.reduce((sum, pair) => sum + (pair[i] - mean[i]) * (pair[j] - mean[j]), 0)
  return product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1))
}

function round(number, digits = 3) {
  return Number(number.toFixed(digits))
}
