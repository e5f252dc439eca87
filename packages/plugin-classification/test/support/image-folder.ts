import type { Batch, BatchPlan, Dataset, OpenOptions } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { onTestFinished } from 'vitest'
import type { ImageFolderDataset } from '#internal/batches/image-folder-dataset.js'
import { openImageFolder } from '#internal/open-image-folder.js'
import { temporaryFolder } from '../../../images/test/support/pictures.js'

export async function open(folder: string, options: Partial<OpenOptions> = {}): Promise<ImageFolderDataset> {
  const cacheFolder = options.cacheFolder ?? (await temporaryFolder())
  const dataset = await openImageFolder({ cacheLimitBytes: 1e9, ...options, folder, cacheFolder })
  onTestFinished(() => dataset.close())
  return dataset
}

export const trainingPlan: BatchPlan = {
  split: 'train',
  batchSize: 4,
  inputSize: 24,
  seed: 7,
  augmentation: { crop: { area: [0.35, 1], aspect: [0.75, 1.33] }, flip: true },
  training: true,
  targets: {},
  decoding: 'fast',
}
export const evaluationPlan: BatchPlan = { ...trainingPlan, split: 'heldOut', augmentation: {}, training: false }

export const never = new AbortController().signal

/** The first `count` batches from a position on, or all of an evaluation. */
export async function take(
  dataset: Dataset,
  plan: BatchPlan,
  count = Number.POSITIVE_INFINITY,
  from = { epoch: 0, index: 0 },
  workers = 0,
): Promise<readonly Batch[]> {
  const taken: Batch[] = []
  for await (const batch of dataset.batches(plan, from, workers, never)) {
    taken.push(batch)
    if (taken.length === count) break
  }
  return taken
}

/** One line per batch that changes with any of its bits. */
export function digest({ position, examples, inputs }: Batch): string {
  const tensors = Object.entries(inputs).map(([name, { shape, data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return `${name}[${shape.join()}]:${hashBytes(bytes)}`
  })
  return JSON.stringify([position, examples, tensors])
}
