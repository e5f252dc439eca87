import type { DataPlace, Hash, JsonObject, Task } from '@mnas/core/contracts'
import { openData, skippedFilesTeller } from '@mnas/core/data'
import type { Surroundings } from './search-request.js'

/** What is known of the images without training on them. */
export interface DataFacts {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly training: number
  readonly heldOut: number
  readonly taskOptions: JsonObject
}

/** Opens the images, says what they are, and closes them. */
export async function lookAtData(task: Task, place: DataPlace, { settings, reporter, signal }: Surroundings): Promise<DataFacts> {
  const { cacheFolder, cacheLimit: cacheLimitBytes, workers } = settings
  const dataset = await openData(task, { ...place, cacheFolder, cacheLimitBytes, workers }, { reporter, signal })
  try {
    skippedFilesTeller(reporter)(dataset.skipped)
    const { fingerprint, labels } = dataset
    const taskOptions = task.optionsFor(dataset)
    return { fingerprint, labels, training: dataset.size('train'), heldOut: dataset.size('heldOut'), taskOptions }
  } finally {
    await dataset.close()
  }
}
