import { setImmediate as turn } from 'node:timers/promises'
import type { Batch, BatchPlan, Dataset, Position, Split, Tensor } from '../../contracts/index.js'
import { hashJson } from '../../files/index.js'
import { seedOf } from '../../training/index.js'

const sizes: Readonly<Record<Split, number>> = { train: 80, heldOut: 6, validation: 5, test: 0, all: 91 }
export const toyLabels = ['a', 'b', 'c'] as const

/** Images that need no file: each pixel follows from split, example and, in training, seed and epoch. */
export const toyImages: Dataset = {
  fingerprint: hashJson('the toy images'),
  labels: toyLabels,
  skipped: [],
  size: (split) => sizes[split],
  batchesPerEpoch,
  batches,
  close: async () => undefined,
}

function batchesPerEpoch({ split, batchSize, training }: BatchPlan): number {
  return training ? Math.floor(sizes[split] / batchSize) : Math.ceil(sizes[split] / batchSize)
}

async function* batches(plan: BatchPlan, from: Position, _workers: number, signal: AbortSignal): AsyncGenerator<Batch> {
  const perEpoch = batchesPerEpoch(plan)
  for (let { epoch, index } = from; plan.training || epoch === from.epoch; [epoch, index] = next(epoch, index, perEpoch)) {
    // As a real data set does, which waits for files: the process hears what it is told.
    await turn()
    signal.throwIfAborted()
    yield batchAt(plan, { epoch, index })
  }
}

const next = (epoch: number, index: number, perEpoch: number): [number, number] =>
  index + 1 === perEpoch ? [epoch + 1, 0] : [epoch, index + 1]

function batchAt(plan: BatchPlan, position: Position): Batch {
  const { split, batchSize, inputSize, seed, training } = plan
  const examples = Array.from({ length: batchSize }, (_, row) => {
    const example = position.index * batchSize + row
    return example < sizes[split] ? example : -1
  })
  const image = new Float32Array(batchSize * inputSize ** 2 * 3)
  const labels = new Float32Array(batchSize * toyLabels.length)
  for (const [row, example] of examples.entries()) {
    if (example < 0) continue
    const drawn = training ? seedOf('toy', split, example, seed, position.epoch) : seedOf('toy', split, example)
    image.fill(drawn / 2 ** 31, row * inputSize ** 2 * 3, (row + 1) * inputSize ** 2 * 3)
    labels[row * toyLabels.length + (example % toyLabels.length)] = 1
  }
  const weight = Float32Array.from(examples, (example) => (example < 0 ? 0 : 1))
  const inputs = {
    image: tensor([batchSize, inputSize, inputSize, 3], image),
    labels: tensor([batchSize, toyLabels.length], labels),
    weight: tensor([batchSize], weight),
  }
  return { position, inputs, examples }
}

function tensor(shape: readonly number[], data: Float32Array): Tensor {
  return { dtype: 'float32', shape, data }
}
