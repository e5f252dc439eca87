import type { Dataset, Split, Tensors } from '../../contracts/index.js'
import type { DeployableModel } from '../load-model.js'
import { examplesOf, picked } from '../verification/example.js'
import { validationBatches } from '../verification/verification-inputs.js'

/** What a model is timed on whose time depends on what it says: photos, as the model takes them; or in words why there are none. */
export type TimingPhotos = readonly Tensors[] | string

/** Few enough to be handed to a process at once; each is run twice in a full measurement. */
const mostPhotos = 25

export interface TimingPhotosRequest {
  readonly model: DeployableModel
  readonly dataset: Dataset | null
  readonly split: Split
  readonly workers: number
  readonly signal: AbortSignal
}

/** Photos spread evenly over a split. A model without trained weights says nothing that a trained one would say: none for it. */
export async function drawTimingPhotos(request: TimingPhotosRequest): Promise<TimingPhotos> {
  const { model, dataset, split, workers, signal } = request
  if (!model.trained) return 'the weights are not trained'
  if (!dataset) return 'there are no photos (--data DIR)'
  const { architecture, graph, targets } = model
  const inputSize = architecture.input.size
  const photos: Tensors[] = []
  for await (const batch of validationBatches({ dataset, split, inputSize, targets, images: mostPhotos, workers, signal }))
    photos.push(...examplesOf(batch).map(({ inputs }) => picked(inputs, Object.keys(graph.inputs))))
  return photos.length > 0 ? photos : 'there are no photos (--data DIR)'
}
