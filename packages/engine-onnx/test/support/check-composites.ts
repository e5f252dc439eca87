import type { Graph } from '@mnas/core/contracts'
import { expect } from 'vitest'
import { compositeSteps } from '#internal/rewrite/rewrite.js'
import { errorAgainstInterpreter, largestError, oneStep, type Trainable } from './compare-modes.js'

/** The composites of a graph, each by the node it ends in, with the number of nodes it stands for. */
export function compositesOf(graph: Graph): Readonly<Record<string, number>> {
  const found = compositeSteps(graph).flatMap((step) => (step.kind === 'composite' ? [step.composite] : []))
  return Object.fromEntries(found.map(({ id, nodes }) => [id, nodes.length]))
}

/** One step in both modes, and some of the gradients as the interpreter's finite differences have them. */
export async function check(trainable: Trainable, samples = 3): Promise<void> {
  const fast = await oneStep(trainable, 'fast')
  const standard = await oneStep(trainable, 'standard')
  expect(Math.abs(fast.loss - standard.loss)).toBeLessThan(1e-4 * Math.max(1, Math.abs(standard.loss)))
  expect(largestError(fast.statistics, standard.statistics)).toBeLessThan(1e-5)
  expect(largestError(fast.gradients, standard.gradients)).toBeLessThan(1e-3)
  expect(errorAgainstInterpreter(trainable, fast.gradients, samples)).toBeLessThan(2e-3)
}
