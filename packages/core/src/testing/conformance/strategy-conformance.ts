import type {
  Genome,
  Json,
  Proposal,
  SearchObjective,
  SearchSpace,
  Strategy,
  StrategyContext,
  StrategyFactory,
  TrialOutcome,
} from '../../contracts/index.js'
import { type ConformanceCase, check, checkEqual } from './check.js'
import { allGenomes, checkGenome, identity } from './genomes.js'
import { toyAccuracy, toyFacts, toyObjective, toySpace } from './toy-space.js'

/** What every search strategy has to do. A strategy draws on its seed and on what it is told, on nothing else. */
export function strategyConformance(factory: StrategyFactory): readonly ConformanceCase[] {
  const onEach = (name: string, work: (factory: StrategyFactory) => void): ConformanceCase => ({
    name,
    run: async () => work(factory),
  })
  return [
    onEach('asks for valid genomes under new ids, never more than asked for', checkProposals),
    onEach('the same seed asks for the same, another seed for other', checkSeeds),
    onEach('goes on from its state, with proposals pending', checkState),
    onEach('takes every kind of outcome', checkOutcomes),
    onEach('comes to an end in a small space', checkExhaustion),
  ]
}

interface Setting {
  readonly space: SearchSpace
  readonly objective: SearchObjective
  readonly strategy: Strategy
}

function setting(factory: StrategyFactory, seed: number, objective = toyObjective(1e9)): Setting {
  const space = toySpace.create({ width: 1, inputSize: 32, task: { name: 'classification', options: {} } })
  const context: StrategyContext = { space, objective, seed, trials: 40, facts: (genome) => toyFacts(space, genome) }
  return { space, objective, strategy: factory.create(context) }
}

/** Trained, or turned down by its latency: what a search would tell about a genome. */
function outcomeOf({ space, objective }: Setting, proposal: number | null, genome: Genome): TrialOutcome {
  const facts = toyFacts(space, genome)
  if (!objective.worthTraining(facts)) return { proposal, genome, facts, status: 'infeasible' }
  const metrics = { top1: toyAccuracy(space, genome) }
  const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 16 }
  return {
    proposal,
    genome,
    facts,
    status: 'completed',
    estimate: { metrics, fidelity },
    reward: objective.reward(metrics, facts),
  }
}

/** Asks and tells one by one. */
function rounds(run: Setting, count: number): readonly Genome[] {
  const genomes: Genome[] = []
  for (let round = 0; round < count; round++) {
    const [proposal] = run.strategy.ask(1)
    if (!proposal) break
    genomes.push(proposal.genome)
    run.strategy.tell([outcomeOf(run, proposal.id, proposal.genome)])
  }
  return genomes
}

function checkProposals(factory: StrategyFactory): void {
  const run = setting(factory, 1)
  const ids = new Set<number>()
  for (const n of [1, 3, 2, 4]) {
    const proposals = run.strategy.ask(n)
    check(proposals.length <= n, `ask(${n})`, `at most ${n} proposals`, `${proposals.length}`)
    for (const { id, genome } of proposals) {
      checkGenome(run.space, genome, 'genome of a proposal')
      check(!ids.has(id), 'id of a proposal', 'a new one', `${id} again`)
      ids.add(id)
    }
    run.strategy.tell(proposals.map(({ id, genome }) => outcomeOf(run, id, genome)))
  }
  check(ids.size > 0, 'proposals in a fresh search', 'some', 'none')
}

function checkSeeds(factory: StrategyFactory): void {
  const sequence = (seed: number) => rounds(setting(factory, seed), 6)
  checkEqual(sequence(7), sequence(7), 'genomes of a second search with the same seed')
  const different = new Set([1, 2, 3, 4, 5, 6].map((seed) => JSON.stringify(sequence(seed))))
  check(different.size > 1, 'genomes of six seeds', 'different ones', 'the same for all')
}

/** Through JSON, as a run store keeps it; the pending proposals are told to both. */
function checkState(factory: StrategyFactory): void {
  for (const before of [0, 1, 4]) {
    const original = setting(factory, 3)
    rounds(original, before)
    const pending = original.strategy.ask(2)
    const restored = setting(factory, 3)
    restored.strategy.restore(throughJson(original.strategy.state()))
    checkEqual(restored.strategy.state(), throughJson(original.strategy.state()), 'state after restore()')
    const goOn = (run: Setting) => {
      run.strategy.tell(pending.map(({ id, genome }: Proposal) => outcomeOf(run, id, genome)))
      return rounds(run, 5)
    }
    const expected = goOn(original)
    checkEqual(goOn(restored), expected, `genomes after restoring a search of ${before} rounds`)
    checkEqual(throughJson(restored.strategy.state()), throughJson(original.strategy.state()), 'state at the end')
  }
}

function throughJson(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}

function checkOutcomes(factory: StrategyFactory): void {
  const run = setting(factory, 5)
  const error = { code: 'MNAS_TEST', message: 'A trial that failed.', exitCode: 6 }
  const unasked = run.space.smallest()
  run.strategy.tell([outcomeOf(run, null, unasked)])
  const changed = (outcome: TrialOutcome): readonly TrialOutcome[] => {
    const { proposal, genome, facts } = outcome
    const estimate = { metrics: { top1: 0.1 }, fidelity: { epochs: 1, scheduleEpochs: 2, inputSize: 32, headFilters: 16 } }
    return [
      outcome,
      { proposal, genome, facts, status: 'pruned', estimate },
      { proposal, genome, facts, status: 'infeasible' },
      { proposal, genome, facts, status: 'failed', error },
      { proposal, genome, facts, status: 'lost', error },
    ]
  }
  for (let kind = 0; kind < 5; kind++) {
    const [proposal] = run.strategy.ask(1)
    if (!proposal) break
    run.strategy.tell([changed(outcomeOf(run, proposal.id, proposal.genome))[kind]!])
  }
  for (const { genome } of run.strategy.ask(2)) checkGenome(run.space, genome, 'genome after every kind of outcome')
}

/** No search runs for ever: nothing asked and nothing pending comes, and then stays. */
function checkExhaustion(factory: StrategyFactory): void {
  const run = setting(factory, 9)
  const limit = 50 * allGenomes(run.space).length
  const genomes = rounds(run, limit)
  check(genomes.length < limit, 'a search of a space with 12 architectures', `an end within ${limit} proposals`, 'more proposals')
  checkEqual(run.strategy.ask(3), [], 'ask(3) of an exhausted strategy')
  const asked = new Set(genomes.map((genome) => identity(run.space, genome)))
  const all = new Set(allGenomes(run.space).map((genome) => identity(run.space, genome)))
  checkEqual(asked.size, all.size, 'architectures asked for before the end')
}
