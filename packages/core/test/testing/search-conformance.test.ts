import type { SearchSpace, SpaceFactory } from '@mnas/core/contracts'
import {
  type ConformanceCase,
  rungPolicyConformance,
  spaceConformance,
  strategyConformance,
  toySpace,
  wideSpace,
} from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { type RungPolicyDefect, toyRungPolicy } from './toy-rung-policy.js'
import { type StrategyDefect, toyStrategy } from './toy-strategy.js'

async function failures(cases: readonly ConformanceCase[]): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, run } of cases) await run().catch(() => failed.push(name))
  return failed
}

describe('the toy space passes', () => {
  for (const { name, run } of spaceConformance(toySpace)) it(name, run)
})

describe('the wide space passes', () => {
  for (const { name, run } of spaceConformance(wideSpace)) it(name, run)
})

describe('a wrong space is caught', () => {
  /** The toy space with some methods replaced. */
  const changed = (change: (space: SearchSpace) => Partial<SearchSpace>): SpaceFactory => ({
    ...toySpace,
    create: (options) => {
      const space = toySpace.create(options)
      return {
        name: space.name,
        decisions: space.decisions,
        decode: (genome) => space.decode(genome),
        canonical: (genome) => space.canonical(genome),
        encode: (architecture) => space.encode(architecture),
        smallest: () => space.smallest(),
        ...change(space),
      }
    },
  })
  it.each<readonly [string, SpaceFactory, RegExp]>([
    ['a choice that does not act is kept apart', changed(() => ({ canonical: (genome) => genome })), /exactly when/],
    [
      'genomes that differ are taken for one',
      changed((space) => ({ canonical: (genome) => space.canonical(genome).with(2, 0) })),
      /exactly when/,
    ],
    ['the largest is called smallest', changed(() => ({ smallest: () => [0, 0, 1, 1] })), /fewest/],
    [
      'encode forgets a choice',
      changed((space) => ({ encode: (a) => ({ ...space.encode(a), genome: space.encode(a).genome.with(3, 0) }) })),
      /encode/,
    ],
    ['rows of another genome', changed((space) => ({ rows: (genome) => space.decode(genome.with(3, 0)).blocks })), /rows/],
    ['a reference for another task', { ...toySpace, reference: (o) => toySpace.reference({ ...o, inputSize: 32 }) }, /reference/],
    ['widths the wrong way round', { ...toySpace, widths: [1, 0.5] }, /widths/],
  ])('%s', async (_title, factory, caught) => {
    expect((await failures(spaceConformance(factory))).filter((name) => caught.test(name))).not.toEqual([])
  })
})

describe('a strategy that walks through the space passes', () => {
  for (const { name, run } of strategyConformance(toyStrategy())) it(name, run)
})

describe('a wrong strategy is caught', () => {
  const caught: Readonly<Record<StrategyDefect, string>> = {
    badGenome: 'asks for valid genomes under new ids, never more than asked for',
    endless: 'comes to an end in a small space',
    forgottenState: 'goes on from its state, with proposals pending',
    growingState: 'its state does not grow with what was told',
    ignoredFacts: 'asks for what the facts do not rule out',
    repeatedIds: 'asks for valid genomes under new ids, never more than asked for',
    sameAtOnce: 'asks for different genomes at once',
    unseeded: 'the same seed asks for the same, another seed for other',
  }
  it.each(Object.entries(caught))('%s', async (defect, name) => {
    expect(await failures(strategyConformance(toyStrategy(defect as StrategyDefect)))).toContain(name)
  })
})

describe('a rung policy that looks at three at a time passes', () => {
  for (const { name, run } of rungPolicyConformance(toyRungPolicy())) it(name, run)
})

describe('a wrong rung policy is caught', () => {
  const caught: Readonly<Record<RungPolicyDefect, string>> = {
    blind: 'sends better networks on (best)',
    endless: 'asks when the board is empty (best)',
    forgetful: 'decides by the board alone (best)',
    idle: 'promotes and stops paused trials alone, and comes to an end (best)',
    nobodyOnTop: 'brings a network to the top, however few there are (best)',
    promotesAll: 'sends better networks on (best)',
    promotesEnded: 'promotes and stops paused trials alone, and comes to an end (best)',
    writesOnBoard: 'leaves the board as it is (best)',
  }
  it.each(Object.entries(caught))('%s', async (defect, name) => {
    expect(await failures(rungPolicyConformance(toyRungPolicy(defect as RungPolicyDefect)))).toContain(name)
  })
})
