import type { Genome, SearchSpace, TrialOutcome } from '@mnas/core/contracts'
import { memoryHistory } from '@mnas/core/testing'
import { expect, it } from 'vitest'
import { readModelState, writeModelState } from '#internal/strategies/model/model-state.js'
import { type Kept, observations } from '#internal/strategies/model/observations.js'
import { factsAt, fidelity } from '../support/made-up-trials.js'

const never = () => {
  throw new Error('what was trained is known by its genome alone')
}
const space: SearchSpace = {
  name: 'made up',
  decisions: Array.from({ length: 6 }, (_, d) => ({ name: `block${d}.kernel`, choices: [0, 1, 2, 3] })),
  canonical: (genome) => genome,
  decode: never,
  encode: never,
  smallest: never,
}

/** What a network was found to be at a rung of three. @param number from 0 to 4,095 */
function trainedAt(number: number, rung: number): TrialOutcome {
  const genome = space.decisions.map((_, d) => Math.floor(number / 4 ** d) % 4)
  const top1 = ((37 * number) % 101) / 200 + rung / 10
  const estimate = { metrics: { top1 }, fidelity }
  const told = { trial: 1 + number, proposal: number, genome, facts: factsAt(10), rung, estimate, values: [top1, 10] }
  return rung < 2 ? { ...told, status: 'paused' } : { ...told, status: 'completed', reward: top1 }
}

it('the rows of a search that goes on are the same in the same order, at whatever rungs they were trained', () => {
  const history = memoryHistory(space)
  const read = (from?: Kept) => {
    const featuresOf = (genome: Genome) => Float64Array.from(genome)
    return observations(history, 'top1', featuresOf, (all) => all.map(({ y }) => y), from)
  }
  const growing = read()
  let resumed = 0
  for (let batch = 0; batch < 20; batch++) {
    const numbers = Array.from({ length: 20 }, (_, at) => 20 * batch + at)
    const climbers = numbers.filter((number) => number % 4 > 0)
    const finishers = numbers.filter((number) => number % 2 > 0)
    history.recordTold(numbers.map((number) => trainedAt(number, 0)))
    // Whoever has come to the top is remembered by its highest rungs, and was told of these in another order.
    history.recordTold(climbers.toReversed().map((number) => trainedAt(number, 1)))
    history.recordTold(finishers.map((number) => trainedAt(number, 2)))
    growing.grow()
    // None had to go by then.
    if (growing.kept.read === 0) continue
    const state = writeModelState({ random: [], nextId: 0, first: 6, steps: null, pending: [], kept: growing.kept })
    const other = read(readModelState(state).kept)
    other.grow()
    expect(other.all).toEqual(growing.all)
    resumed++
  }
  expect(resumed).toBe(5)
})
