import type { Facts } from '@mnas/core/contracts'
import { reportArchitecture } from '@mnas/core/graph'
import type { GivenTrial } from '../answers/asked-answers.js'
import { candidateId } from '../candidate-id.js'
import { architectureOf } from '../results/search-results.js'
import type { RunReader } from '../run/records.js'
import type { Asked } from './ask-for-work.js'
import { describeLease } from './describe-lease.js'
import type { Work } from './find-work.js'

/** What whoever trains a network has to know of it. */
export function describeWork(
  { task, postProcessing, rungs }: Pick<Asked, 'task' | 'postProcessing' | 'rungs'>,
  { trial, lease }: Work,
  store: RunReader,
): GivenTrial {
  const { id, candidate, facts } = trial
  const architecture = architectureOf(store, id)
  const file = store.file(candidate)
  const measurement = file && store.measurement(file.structure, 'full')?.measurement
  return {
    trial: id,
    id: candidateId(candidate),
    ...(rungs && { rung: store.estimates(id).length + 1 }),
    lease: describeLease(lease),
    architecture,
    blocks: reportArchitecture(architecture, task).rows.map((row) => ({ ...row })),
    ...factsOf(facts),
    ...(postProcessing?.latencyMs != null && { totalMs: facts.latency.latencyMs + postProcessing.latencyMs }),
    spread: measurement?.spread ?? 0,
    stable: measurement?.stable ?? false,
  }
}

function factsOf({ latency, costs, sizeBytes }: Facts) {
  const { parameters, macs, peakMemoryBytes } = costs
  return { latencyMs: latency.latencyMs, parameters, macs, peakMemoryBytes, sizeBytes: sizeBytes ?? 0 }
}
