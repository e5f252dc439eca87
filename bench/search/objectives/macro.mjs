import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { percentile } from './random.mjs'

/**
 * Objective `macro`: NAS-Bench-Macro, networks that were really trained (../data/README.md). The budget, a latency of 1 ms for each
 * million operations, is the 45th percentile; the value is the mean of three trainings, an observation one of them by chance.
 */
const table = JSON.parse(gunzipSync(readFileSync(new URL('../data/nas-bench-macro.json.gz', import.meta.url))))
const entryOf = (genome) => table[genome.join('')]
const latencyMs = ({ flops }) => flops / 1e6
const fewest = Object.entries(table).reduce((a, b) => (b[1].flops < a[1].flops ? b : a))[0]

const space = {
  name: 'macro',
  decisions: Array.from({ length: 8 }, (_, layer) => ({
    name: `layer${layer + 1}.operation`,
    choices: ['identity', 'mb3k3', 'mb6k5'],
  })),
  canonical: (genome) => genome,
  smallest: () => [...fewest].map(Number),
  decode: () => {
    throw new Error('The networks of NAS-Bench-Macro are known by their choices alone.')
  },
  encode: () => {
    throw new Error('The networks of NAS-Bench-Macro are known by their choices alone.')
  },
}

export const macroObjective = {
  name: 'macro',
  space,
  facts: (genome) => {
    const entry = entryOf(genome)
    return {
      latency: { latencyMs: latencyMs(entry), source: 'measured', relativeError: 0 },
      costs: { macs: entry.flops, parameters: entry.params, peakMemoryBytes: 0 },
      sizeBytes: null,
    }
  },
  targetMs: percentile(Object.values(table).map(latencyMs), 0.45),
  /** The mean over the networks. */
  noiseSd: Object.values(table).reduce((sum, { std }) => sum + std / 100, 0) / Object.keys(table).length,
  value: (genome) => entryOf(genome).mean_acc / 100,
  observe: (genome, random) => entryOf(genome).test_acc[random.below(3)] / 100,
}
