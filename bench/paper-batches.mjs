import classification from '@mnas/plugin-classification'

export const batchSize = 32

/** What bench/listing and bench/pipeline stream: training batches of 224 px as the paper's recipe augments them, decoded fast, without end. */
export function paperBatches(dataset, workers) {
  const { augmentation } = classification.recipes.paper
  const plan = {
    ...{ split: 'train', batchSize, inputSize: 224, seed: 1, augmentation },
    ...{ training: true, targets: {}, decoding: 'fast' },
  }
  return dataset.batches(plan, { epoch: 0, index: 0 }, workers, new AbortController().signal)
}
