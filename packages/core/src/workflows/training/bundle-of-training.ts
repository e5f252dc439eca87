import { bundleNameOf, type ModelBundle } from '../../bundle/index.js'
import type { Dataset, JobResult, JsonObject, Task, TrialJob } from '../../contracts/index.js'
import { hashJson } from '../../files/index.js'
import type { Safetensors } from '../../weights/index.js'
import type { TrainRequest } from './train-request.js'

/**
 * The bundle of a training that is done: what was trained, how well it does, and where it comes from.
 * @param lineage what came before the training: a search, another model
 */
export function bundleOfTraining(
  { out, mnasVersion }: TrainRequest,
  task: Task,
  dataset: Dataset,
  job: TrialJob,
  result: JobResult,
  { metadata }: Safetensors,
  lineage: JsonObject,
): ModelBundle {
  const { architecture, data: fingerprint, preprocessing, recipe, start, frozen, seed } = job
  const [train, heldOut, validation] = [dataset.size('train'), dataset.size('heldOut'), dataset.size('validation')]
  return {
    version: 1,
    name: bundleNameOf(out),
    architecture,
    task: { name: task.name, options: architecture.task.options },
    labels: dataset.labels,
    preprocessing: preprocessing ?? task.preprocessing,
    metrics: result.validation ?? result.metrics,
    weights: metadata['which'] === 'average' ? 'average' : 'raw',
    provenance: {
      mnas: mnasVersion,
      data: { fingerprint, train, heldOut, validation },
      recipe,
      start: { ...start },
      ...(frozen && { frozen }),
      seed,
      plan: { ...result.plan },
      job: hashJson(job),
      ...lineage,
    },
  }
}
