import { type Architecture, parseArchitecture } from '../../../architecture/index.js'
import type { Decision, Facts, Genome, Json, SearchSpace, SpaceFactory, SpaceOptions } from '../../../contracts/index.js'

const blocks = 6
const kernels = [3, 5]
const filters = [8, 16, 24, 32]
const decisions: readonly Decision[] = Array.from({ length: blocks }, (_, block) => [
  { name: `block${block + 1}.kernel`, choices: kernels },
  { name: `block${block + 1}.filters`, choices: filters },
]).flat()

/**
 * 262,144 genomes, each an architecture of its own. A space for testing strategies on more proposals than the toy space holds.
 */
export const wideSpace: SpaceFactory = {
  name: 'wide',
  widths: [1],
  proxyHeadFilters: 8,
  create: (options) => createWide(options),
  reference: (options) =>
    decode(
      options,
      decisions.map(() => 1),
    ),
}

/** By a formula, in a microsecond: a strategy may ask for thousands to make one proposal. */
export function wideFacts(genome: Genome): Facts {
  let [parameters, channels] = [0, 8]
  for (let block = 0; block < blocks; block++) {
    const [kernel, next] = [kernels[genome[2 * block]!]!, filters[genome[2 * block + 1]!]!]
    parameters += kernel * kernel * channels + channels * next
    channels = next
  }
  const costs = { parameters, macs: 256 * parameters, peakMemoryBytes: 8192 * Math.max(...filters) }
  return { costs, latency: { latencyMs: costs.macs / 1e5, source: 'measured', relativeError: 0 }, sizeBytes: null }
}

function createWide(options: SpaceOptions): SearchSpace {
  return {
    name: 'wide',
    decisions,
    decode: (genome) => decode(options, genome),
    canonical: (genome) => genome,
    encode(architecture) {
      const genome = architecture.blocks.flatMap((row) => [indexOf(kernels, row.kernel), indexOf(filters, row.filters)])
      const same = JSON.stringify(decode(options, genome)) === JSON.stringify(architecture)
      return { genome, differences: same ? [] : ['the architecture is not one of the wide space'] }
    },
    smallest: () => decisions.map(() => 0),
  }
}

const indexOf = (choices: readonly Json[], choice: Json): number => Math.max(0, choices.indexOf(choice))

function decode({ inputSize, task }: Omit<SpaceOptions, 'width'>, genome: Genome): Architecture {
  return parseArchitecture({
    version: 1,
    name: 'wide',
    input: { size: inputSize },
    padding: 'same',
    activation: 'relu',
    batchNormEpsilon: 1e-3,
    stem: { filters: 8, kernel: 3, stride: 2 },
    blocks: Array.from({ length: blocks }, (_, block) => ({
      op: 'separable',
      repeats: 1,
      kernel: kernels[genome[2 * block]!],
      stride: 1,
      filters: filters[genome[2 * block + 1]!],
      skip: 'none',
    })),
    head: { filters: 16 },
    task,
  })
}
