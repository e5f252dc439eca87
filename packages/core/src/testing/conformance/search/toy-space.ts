import { parseArchitecture } from '../../../architecture/index.js'
import type {
  Costs,
  Decision,
  Facts,
  Genome,
  Json,
  SearchObjective,
  SearchSpace,
  SpaceFactory,
  SpaceOptions,
} from '../../../contracts/index.js'
import { costsOf, lowerBackbone } from '../../../graph/index.js'

/** Small enough to be exhausted. Squeeze-excite does not act on a plain convolution: two genomes, one architecture. */
const decisions: readonly Decision[] = [
  { name: 'op', choices: ['conv', 'separable'] },
  { name: 'squeezeExcite', choices: [0, 0.25] },
  { name: 'kernel', choices: [3, 5] },
  { name: 'filters', choices: [8, 16] },
]

/** 16 genomes, 12 architectures. A space for testing strategies. */
export const toySpace: SpaceFactory = {
  name: 'toy',
  widths: [0.5, 1],
  proxyHeadFilters: 8,
  create: (options) => new ToySpace(options),
  reference: (options) => new ToySpace({ ...options, width: 1 }).decode([1, 1, 1, 1]),
}

class ToySpace implements SearchSpace {
  readonly name = 'toy'
  readonly decisions = decisions
  readonly #options: SpaceOptions

  constructor(options: SpaceOptions) {
    this.#options = options
  }

  decode(genome: Genome) {
    const [op, squeezeExcite, kernel, filters] = this.canonical(genome).map((choice, i) => decisions[i]!.choices[choice])
    return parseArchitecture({
      version: 1,
      name: 'toy',
      input: { size: this.#options.inputSize },
      padding: 'same',
      activation: 'relu',
      batchNormEpsilon: 1e-3,
      stem: { filters: 8, kernel: 3, stride: 2 },
      blocks: [
        {
          op,
          repeats: 1,
          kernel,
          stride: 2,
          filters: Number(filters) * this.#options.width,
          skip: 'none',
          ...(squeezeExcite ? { squeezeExcite } : {}),
        },
      ],
      head: { filters: 16 },
      task: this.#options.task,
    })
  }

  canonical(genome: Genome): Genome {
    const [op, squeezeExcite, kernel, filters] = genome
    return [op!, op === 0 ? 0 : squeezeExcite!, kernel!, filters!]
  }

  encode(architecture: ReturnType<ToySpace['decode']>) {
    const block = architecture.blocks[0]!
    const index = (position: number, choice: Json) => Math.max(0, decisions[position]!.choices.indexOf(choice))
    const genome = this.canonical([
      index(0, block.op),
      index(1, block.squeezeExcite ?? 0),
      index(2, block.kernel),
      index(3, block.filters / this.#options.width),
    ])
    const same = JSON.stringify(this.decode(genome)) === JSON.stringify(architecture)
    return { genome, differences: same ? [] : ['the architecture is not one of the toy space'] }
  }

  smallest(): Genome {
    return [1, 0, 0, 0]
  }
}

/** Facts that depend on the genome alone: a millisecond per 100,000 multiply-adds. */
export function toyFacts(space: SearchSpace, genome: Genome): Facts {
  const costs = costsOf(lowerBackbone(space.decode(genome)))
  return { costs, latency: { latencyMs: costs.macs / 1e5, source: 'measured', relativeError: 0 }, sizeBytes: null }
}

/** A deterministic accuracy between 0 and 1 that rewards a larger network a little. */
export function toyAccuracy({ parameters }: Costs): number {
  return parameters / (parameters + 2000)
}

/** Everything up to a latency is worth training. */
export function toyObjective(targetMs: number): SearchObjective {
  return {
    name: 'toy',
    axes: [
      { name: 'top1', better: 'more' },
      { name: 'latencyMs', better: 'less' },
    ],
    values: ({ metrics, facts }) => [metrics['top1']!, facts.latency.latencyMs],
    reward: ({ metrics, facts }) => (facts.latency.latencyMs <= targetMs ? metrics['top1']! : 0),
    worthTraining: ({ latency }) => latency.latencyMs * (1 - latency.relativeError) <= targetMs,
  }
}
