import type { BlobStore, Task, TrialJob } from '../contracts/index.js'
import { parametersOf } from '../graph/index.js'
import { readCheckpoint, type TrainingSetup, trainedGraph } from '../training/index.js'
import { readSafetensors } from '../weights/index.js'
import { withBlob } from './with-blob.js'

/**
 * What a job begins with. continue: the whole training state of the same blocks; inherit: the weights whose name and shape fit.
 * @returns undefined for fresh weights
 */
export async function startOfJob(job: TrialJob, task: Task, blobs: BlobStore): Promise<TrainingSetup['start']> {
  const { start } = job
  switch (start.kind) {
    case 'scratch':
      return undefined
    case 'continue':
      return { kind: 'checkpoint', ...(await withBlob(blobs, start.checkpoint, readCheckpoint)) }
    case 'inherit': {
      const { tensors } = await withBlob(blobs, start.checkpoint, (path) => readSafetensors(path))
      const shapes = new Map(parametersOf(trainedGraph(job, task)).map(({ name, shape }) => [name, shape.join()]))
      const fitting = Object.entries(tensors).filter(([name, tensor]) => shapes.get(name) === tensor.shape.join())
      return { kind: 'weights', tensors: Object.fromEntries(fitting) }
    }
    default:
      throw start satisfies never
  }
}
