import type { BatchPlan, Position } from '@mnas/core/contracts'
import { imagesErrors } from '../errors.js'
import { epochOrder } from '../random/random.js'

/** The rows of one batch, before anything is read. */
export interface BatchRows {
  readonly position: Position
  /** Index of each row's example in its split; −1 = padding. */
  readonly rows: readonly number[]
}

/**
 * Full batches only in training, else the last one padded.
 * @param images size of the plan's split
 * @throws MNAS_DATA_BATCH when training and no batch can be filled
 */
export function countBatches({ training, batchSize }: BatchPlan, images: number): number {
  if (!training) return Math.ceil(images / batchSize)
  if (batchSize > images) throw imagesErrors.MNAS_DATA_BATCH({ batchSize, images })
  return Math.floor(images / batchSize)
}

/** The batches from a position on: without end in training, to the end of the epoch in evaluation. */
export function* batchRows(plan: BatchPlan, images: number, from: Position): Generator<BatchRows> {
  const batches = countBatches(plan, images)
  let { epoch, index } = from
  do {
    const order = plan.training ? epochOrder(plan.seed, epoch, images) : undefined
    for (; index < batches; index++) {
      const rows = Array.from({ length: plan.batchSize }, (_, row) => {
        const place = index * plan.batchSize + row
        return place < images ? (order?.[place] ?? place) : -1
      })
      yield { position: { epoch, index }, rows }
    }
    epoch++
    index = 0
  } while (plan.training)
}
