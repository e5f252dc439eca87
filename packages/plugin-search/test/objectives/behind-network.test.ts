import { expect, it } from 'vitest'
import { behindNetwork } from '#internal/objectives/behind-network.js'
import hard from '#internal/objectives/hard-objective.js'
import { factsAt } from '../support/made-up-trials.js'

const objective = behindNetwork(hard.create({ targetMs: 10, metric: 'top1', limits: {} }), 3)

it('counts what runs behind a network to its latency', () => {
  const [fits, slow] = [factsAt(6.9), factsAt(7.1)]
  expect([objective.worthTraining(fits), objective.worthTraining(slow)]).toEqual([true, false])
  expect(objective.values({ facts: fits, metrics: { top1: 0.5 } })).toEqual([0.5, 9.9])
})

it('lets an estimate be wrong by as much as before', () => {
  const estimated = (latencyMs: number) => {
    const facts = factsAt(latencyMs)
    return { ...facts, latency: { latencyMs, source: 'estimated', relativeError: 0.2 } as const }
  }
  expect([objective.worthTraining(estimated(8.74)), objective.worthTraining(estimated(8.76))]).toEqual([true, false])
})
