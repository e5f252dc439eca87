import type {
  Facts,
  Genome,
  Proposal,
  SearchGoal,
  SearchObjective,
  SearchSpace,
  SpaceFactory,
  Strategy,
  StrategyContext,
  StrategyFactory,
  StrategyState,
  TrialOutcome,
} from '../../../contracts/index.js'
import { parseSafetensors, serializeSafetensors } from '../../../weights/index.js'
import { type MemoryHistory, memoryHistory } from './memory-history.js'
import { toyAccuracy, toyFacts, toyObjective, toySpace } from './toy-space.js'
import { wideFacts, wideSpace } from './wide-space.js'

const trials = 40

export interface RehearsalOptions {
  readonly spaces?: SpaceFactory
  /** What is slower is not worth training. Default: nothing is too slow. */
  readonly targetMs?: number
  /** Of a front that goes up to targetMs. Default: one best network is wanted. */
  readonly leastMs?: number
}

/** A strategy in a search that trains nothing: accuracies are made up, all is remembered in memory. */
export class Rehearsal {
  readonly space: SearchSpace
  readonly objective: SearchObjective
  readonly strategy: Strategy
  readonly #factory: StrategyFactory
  readonly #seed: number
  readonly #options: RehearsalOptions
  readonly #history: MemoryHistory
  readonly #facts = new Map<string, Facts>()
  #told: number

  constructor(factory: StrategyFactory, seed: number, options: RehearsalOptions = {}, from?: Rehearsal) {
    const { spaces = toySpace, targetMs = 1e9, leastMs } = options
    this.space = spaces.create({ width: 1, inputSize: 32, task: { name: 'classification', options: {} } })
    this.objective = toyObjective(targetMs)
    this.#factory = factory
    this.#seed = seed
    this.#options = options
    this.#history = from ? from.#history.copy() : memoryHistory(this.space)
    this.#told = this.#history.length
    const { space, objective } = this
    const facts = (genome: Genome) => this.facts(genome)
    const range = leastMs === undefined ? null : ([leastMs, targetMs] as const)
    const goal: SearchGoal = range
      ? { kind: 'front', objective, rangeMs: range, objectiveAt: toyObjective }
      : { kind: 'best', objective }
    const context: StrategyContext = { space, goal, metric: 'top1', seed, trials, history: this.#history, facts }
    this.strategy = factory.create(context)
  }

  facts(genome: Genome): Facts {
    if (this.#options.spaces === wideSpace) return wideFacts(genome)
    const key = this.space.canonical(genome).join()
    const facts = this.#facts.get(key) ?? toyFacts(this.space, genome)
    this.#facts.set(key, facts)
    return facts
  }

  async ask(n: number): Promise<readonly Proposal[]> {
    const proposals = await this.strategy.ask(n)
    this.#history.recordAsked(proposals.map(({ genome }) => genome))
    return proposals
  }

  async tell(outcomes: readonly TrialOutcome[]): Promise<void> {
    await this.strategy.tell(outcomes)
    this.#history.recordTold(outcomes)
  }

  /** Trained, or turned down by its latency: what a search would tell about a genome. */
  outcomeOf(proposal: number | null, genome: Genome): TrialOutcome {
    const facts = this.facts(genome)
    const told = { trial: ++this.#told, proposal, genome: this.space.canonical(genome), facts }
    if (!this.objective.worthTraining(facts)) return { ...told, status: 'infeasible' }
    const metrics = { top1: toyAccuracy(facts.costs) }
    const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 16 }
    const measured = { metrics, facts }
    return {
      ...told,
      status: 'completed',
      estimate: { metrics, fidelity },
      values: this.objective.values(measured),
      reward: this.objective.reward(measured),
    }
  }

  /** The same behind the first of two rungs: trained for less, so worth less. */
  pausedOf(proposal: number, genome: Genome): TrialOutcome {
    const facts = this.facts(genome)
    const metrics = { top1: toyAccuracy(facts.costs) / 2 }
    const estimate = { metrics, fidelity: { epochs: 1, scheduleEpochs: 1, inputSize: 16, headFilters: 16 } }
    const told = { trial: ++this.#told, proposal, genome: this.space.canonical(genome), facts }
    return { ...told, status: 'paused', rung: 0, estimate, values: this.objective.values({ metrics, facts }) }
  }

  /** Asks and tells one by one. @returns the genomes in the order in which they were asked for */
  async rounds(count: number): Promise<readonly Genome[]> {
    const genomes: Genome[] = []
    for (let round = 0; round < count; round++) {
      const [proposal] = await this.ask(1)
      if (!proposal) break
      genomes.push(proposal.genome)
      await this.tell([this.outcomeOf(proposal.id, proposal.genome)])
    }
    return genomes
  }

  /** Another one that goes on from this one's state, which went through a run store's bytes, and from its history. */
  restored(): Rehearsal {
    const other = new Rehearsal(this.#factory, this.#seed, this.#options, this)
    other.strategy.restore(throughBytes(this.strategy.state()))
    return other
  }
}

/** As a run store keeps it: JSON, and tensors as safetensors. */
export function throughBytes({ json, tensors }: StrategyState): StrategyState {
  const text = JSON.parse(JSON.stringify(json)) as StrategyState['json']
  return tensors ? { json: text, tensors: parseSafetensors(serializeSafetensors(tensors)).tensors } : { json: text }
}

/** Bytes that a state takes. */
export function sizeOf({ json, tensors }: StrategyState): number {
  return Buffer.byteLength(JSON.stringify(json)) + (tensors ? serializeSafetensors(tensors).byteLength : 0)
}
