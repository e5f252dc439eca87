import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { BatchPlan, Dataset, JsonObject, Split } from '../../contracts/index.js'
import { type Example, examplesOf } from '../verification/example.js'

export interface DrawRequest {
  readonly dataset: Dataset
  readonly split: Split
  readonly inputSize: number
  readonly targets: JsonObject
  /** At most so many. */
  readonly images: number
  readonly seed: number
  readonly signal: AbortSignal
}

export interface DrawnImages {
  readonly examples: readonly Example[]
  /** Of the drawn images, where the data set knows any. */
  readonly identities: ReadonlySet<bigint>
}

/**
 * Images that stand for a split: one from each of so many equal parts. A split lies in the order of its classes, so each class gets its share,
 * which a draw of 200 over six classes need not give, and the beginning of the split never.
 */
export async function drawImages({
  dataset,
  split,
  inputSize,
  targets,
  images,
  seed,
  signal,
}: DrawRequest): Promise<DrawnImages> {
  const plan: BatchPlan = {
    ...{ split, batchSize: 1, inputSize, targets, seed: 0 },
    augmentation: {},
    training: false,
    decoding: 'exact',
  }
  const identities = dataset.identities?.(split)
  const positions = drawPositions(dataset.size(split), images, seed)
  const examples: Example[] = []
  for (const index of positions) {
    for await (const batch of dataset.batches(plan, { epoch: 0, index }, 0, signal)) {
      examples.push(...examplesOf(batch))
      break
    }
  }
  return { examples, identities: new Set(positions.flatMap((position) => identities?.[position] ?? [])) }
}

/** One position from each of `wanted` equal parts of 0 … size − 1, in order; all of them when no more are there. */
export function drawPositions(size: number, wanted: number, seed: number): readonly number[] {
  if (wanted >= size) return Array.from({ length: size }, (_, i) => i)
  const random = xoroshiro128plus(seed)
  const uniform = () => (random.next() >>> 0) / 2 ** 32
  const border = (part: number) => Math.floor((part * size) / wanted)
  return Array.from({ length: wanted }, (_, part) => {
    const from = border(part)
    return from + Math.floor(uniform() * (border(part + 1) - from))
  })
}
