import type { StrategyFactory, StrategyState, TrialOutcome } from '../../../contracts/index.js'
import { hashBytes } from '../../../files/index.js'
import { serializeSafetensors } from '../../../weights/index.js'
import { uniformSource } from '../../random-tensors.js'
import { type ConformanceCase, check, checkEqual, checkJson } from '../check.js'
import { allGenomes, checkGenome, identity, randomGenome } from './genomes.js'
import { Rehearsal, type RehearsalOptions, sizeOf, throughBytes } from './rehearsal.js'
import { wideSpace } from './wide-space.js'

/** A large space in which nearly everything is too slow: 8 of 100 genomes are not. */
const tight = { spaces: wideSpace, targetMs: 6.1 }
/** A front that half of all genomes lie on or below. */
const front = { spaces: wideSpace, leastMs: 4, targetMs: 10 }

/**
 * What every search strategy has to do. A strategy draws on its seed, on what stands in the history and on facts, on nothing
 * else; what the facts rule out it does not propose while there is enough else.
 */
export function strategyConformance(factory: StrategyFactory): readonly ConformanceCase[] {
  const onEach = (name: string, work: (factory: StrategyFactory) => Promise<void>): ConformanceCase => ({
    name,
    run: () => work(factory),
  })
  return [
    onEach('asks for valid genomes under new ids, never more than asked for', checkProposals),
    onEach('asks for different genomes at once', checkBatch),
    onEach('the same seed asks for the same, another seed for other', checkSeeds),
    onEach('goes on from its state, with proposals pending', checkState),
    onEach('goes on from its state when a front is wanted', (one) => checkRestored(one, 9, front)),
    onEach('its state does not grow with what was told', checkSize),
    onEach('asks for what the facts do not rule out', checkFacts),
    onEach('takes every kind of outcome', checkOutcomes),
    onEach('takes paused outcomes, and goes on from its state behind them', checkPaused),
    onEach('comes to an end in a small space', checkExhaustion),
  ]
}

async function checkProposals(factory: StrategyFactory): Promise<void> {
  const run = new Rehearsal(factory, 1)
  const ids = new Set<number>()
  for (const n of [1, 3, 2, 4]) {
    const proposals = await run.ask(n)
    check(proposals.length <= n, `ask(${n})`, `at most ${n} proposals`, `${proposals.length}`)
    for (const { id, genome } of proposals) {
      checkGenome(run.space, genome, 'genome of a proposal')
      check(!ids.has(id), 'id of a proposal', 'a new one', `${id} again`)
      ids.add(id)
    }
    await run.tell(proposals.map(({ id, genome }) => run.outcomeOf(id, genome)))
  }
  check(ids.size > 0, 'proposals in a fresh search', 'some', 'none')
}

/** Several workers are asked for at once, and again while some are still at work. */
async function checkBatch(factory: StrategyFactory): Promise<void> {
  const run = new Rehearsal(factory, 4, { spaces: wideSpace })
  const first = await run.ask(4)
  const more = await run.ask(4)
  const genomes = new Set([...first, ...more].map(({ genome }) => identity(run.space, genome)))
  checkEqual(genomes.size, 8, 'different architectures in two times ask(4)')
}

async function checkSeeds(factory: StrategyFactory): Promise<void> {
  const sequence = (seed: number) => new Rehearsal(factory, seed).rounds(6)
  checkEqual(await sequence(7), await sequence(7), 'genomes of a second search with the same seed')
  const different = new Set<string>()
  for (const seed of [1, 2, 3, 4, 5, 6]) different.add(JSON.stringify(await sequence(seed)))
  check(different.size > 1, 'genomes of six seeds', 'different ones', 'the same for all')
}

async function checkState(factory: StrategyFactory): Promise<void> {
  for (const before of [0, 1, 4, 9]) await checkRestored(factory, before)
}

/** Through bytes, as a run store keeps it; the pending proposals are told to both. */
async function checkRestored(factory: StrategyFactory, before: number, options: RehearsalOptions = {}): Promise<void> {
  const original = new Rehearsal(factory, 3, options)
  await original.rounds(before)
  const pending = await original.ask(2)
  checkJson(original.strategy.state().json, 'json of a state')
  const restored = original.restored()
  checkSameState(restored.strategy.state(), original.strategy.state(), 'state after restore()')
  const goOn = async (run: Rehearsal) => {
    await run.tell(pending.map(({ id, genome }) => run.outcomeOf(id, genome)))
    return run.rounds(5)
  }
  const expected = await goOn(original)
  checkEqual(await goOn(restored), expected, `genomes after restoring a search of ${before} rounds`)
  checkSameState(restored.strategy.state(), original.strategy.state(), 'state at the end')
}

function checkSameState(received: StrategyState, expected: StrategyState, what: string): void {
  checkEqual(throughBytes(received).json, throughBytes(expected).json, what)
  const hash = ({ tensors }: StrategyState) => (tensors ? hashBytes(serializeSafetensors(tensors)) : null)
  checkEqual(hash(received), hash(expected), `hash of the tensors of the ${what}`)
}

/** A state is written with every trial: one that holds the history again makes long searches slower and slower. */
const [few, many] = [200, 2000]
const watched = 20
const mostGrowth = 1.1
/** Of so many outcomes one is of a proposal and the others nobody asked for: a strategy may think long about each proposal. */
const toldForEachAsked = 50

/** Most outcomes are of what is too slow: of what was trained a strategy may learn, and that takes its time. */
async function checkSize(factory: StrategyFactory): Promise<void> {
  const run = new Rehearsal(factory, 8, tight)
  const next = uniformSource(108)
  const outcome = async (number: number) => {
    if (number % toldForEachAsked === 0) await run.rounds(1)
    else await run.tell([run.outcomeOf(null, randomGenome(run.space, next))])
  }
  /** The largest of the last few: the digits of numbers come and go. */
  const largestAfter = async (outcomes: number) => {
    for (let number = 0; number < outcomes - watched; number++) await outcome(number)
    let largest = 0
    for (let number = 0; number < watched; number++) {
      await outcome(number)
      largest = Math.max(largest, sizeOf(run.strategy.state()))
    }
    return largest
  }
  const [before, after] = [await largestAfter(few), await largestAfter(many - few)]
  const expected = `at most ${mostGrowth} times the ${before} bytes after ${few}`
  check(after <= mostGrowth * before, `bytes of the state after ${many} outcomes`, expected, `${after}`)
}

/** Behind so many outcomes nobody can say that the facts are still to be made out. */
const outcomesBefore = 20

async function checkFacts(factory: StrategyFactory): Promise<void> {
  const run = new Rehearsal(factory, 6, tight)
  const next = uniformSource(106)
  for (let number = 0; number < outcomesBefore; number++) await run.tell([run.outcomeOf(null, randomGenome(run.space, next))])
  for (let round = 0; round < 6; round++) {
    const proposals = await run.ask(2)
    for (const { genome } of proposals) {
      const { latency } = run.facts(genome)
      const what = `latency of a proposal behind ${outcomesBefore} outcomes`
      check(run.objective.worthTraining(run.facts(genome)), what, `at most ${tight.targetMs} ms`, `${latency.latencyMs} ms`)
    }
    await run.tell(proposals.map(({ id, genome }) => run.outcomeOf(id, genome)))
  }
}

async function checkOutcomes(factory: StrategyFactory): Promise<void> {
  const run = new Rehearsal(factory, 5)
  const error = { code: 'MNAS_TEST', message: 'A trial that failed.', exitCode: 6 }
  await run.tell([run.outcomeOf(null, run.space.smallest())])
  const changed = (outcome: TrialOutcome): readonly TrialOutcome[] => {
    const { trial, proposal, genome, facts } = outcome
    const told = { trial, proposal, genome, facts }
    const estimate = { metrics: { top1: 0.1 }, fidelity: { epochs: 1, scheduleEpochs: 2, inputSize: 32, headFilters: 16 } }
    return [
      outcome,
      { ...told, status: 'stopped', estimate },
      { ...told, status: 'infeasible' },
      { ...told, status: 'failed', error },
      { ...told, status: 'lost', error },
    ]
  }
  for (let kind = 0; kind < 5; kind++) {
    const [proposal] = await run.ask(1)
    if (!proposal) break
    await run.tell([changed(run.outcomeOf(proposal.id, proposal.genome))[kind]!])
  }
  for (const { genome } of await run.ask(2)) checkGenome(run.space, genome, 'genome after every kind of outcome')
}

/** Some networks are trained at two rungs, some wait behind the first: their proposals stay pending. */
async function checkPaused(factory: StrategyFactory): Promise<void> {
  const original = new Rehearsal(factory, 10)
  const ids = new Set<number>()
  for (let round = 0; round < 6; round++) {
    const [proposal] = await original.ask(1)
    if (!proposal) break
    const { id, genome } = proposal
    check(!ids.has(id), 'id of a proposal while others are paused', 'a new one', `${id} again`)
    ids.add(id)
    await original.tell([original.pausedOf(id, genome)])
    if (round % 3 === 0) await original.tell([original.outcomeOf(id, genome)])
  }
  const restored = original.restored()
  checkSameState(restored.strategy.state(), original.strategy.state(), 'state after restore() with paused trials')
  checkEqual(await restored.rounds(3), await original.rounds(3), 'genomes after restoring a search with paused trials')
}

/** No search runs for ever: nothing asked and nothing pending comes, and then stays. */
async function checkExhaustion(factory: StrategyFactory): Promise<void> {
  const run = new Rehearsal(factory, 9)
  const limit = 50 * allGenomes(run.space).length
  const genomes = await run.rounds(limit)
  check(genomes.length < limit, 'a search of a space with 12 architectures', `an end within ${limit} proposals`, 'more proposals')
  checkEqual(await run.ask(3), [], 'ask(3) of an exhausted strategy')
  const asked = new Set(genomes.map((genome) => identity(run.space, genome)))
  const all = new Set(allGenomes(run.space).map((genome) => identity(run.space, genome)))
  checkEqual(asked.size, all.size, 'architectures asked for before the end')
}
