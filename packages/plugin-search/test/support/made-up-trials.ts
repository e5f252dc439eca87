import type { Axis, Facts, TrialOutcome } from '@mnas/core/contracts'
import type { RunStore } from '@mnas/plugin-search'

/** Trials of two axes, recorded without a search. */
export const axes: readonly Axis[] = [
  { name: 'top1', better: 'more' },
  { name: 'latencyMs', better: 'less' },
]
export const factsAt = (latencyMs: number): Facts => ({
  latency: { latencyMs, source: 'measured', relativeError: 0 },
  costs: { parameters: 1, macs: 2, peakMemoryBytes: 3 },
  sizeBytes: 4,
})
export const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 256 }

export function ask(store: RunStore, genome: readonly number[], latencyMs = 3) {
  return store.addTrial({ proposal: genome[0]!, candidate: `c${genome}`, genome, facts: factsAt(latencyMs) })
}

export function complete(
  store: RunStore,
  genome: readonly number[],
  top1: number,
  latencyMs: number,
  reward = top1,
): TrialOutcome {
  const { id: trial, proposal, facts } = ask(store, genome, latencyMs)
  const values = [top1, latencyMs]
  const estimate = { metrics: { top1 }, fidelity }
  const outcome: TrialOutcome = { trial, proposal, genome, facts, status: 'completed', estimate, values, reward }
  store.endTrial(outcome, axes)
  store.addTold(trial, proposal)
  return outcome
}
