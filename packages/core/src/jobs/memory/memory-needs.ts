import type { TrainingEngine, TrainingMemory, TrainingRequest } from '../../contracts/index.js'
import { adaptPlan } from '../plan-training.js'

/** A batch that makes the same update together with others, and what a step of it takes. */
export interface BatchChoice {
  readonly batchSize: number
  readonly accumulate: number
  /** Bytes that a step adds to what the compiled training holds. */
  readonly stepBytes: number
}

/** What a training takes, by its engine's estimate. */
export interface MemoryNeeds {
  /** Bytes from before the training was compiled to before its first step. */
  readonly sessionBytes: number
  readonly own: BatchChoice
  /** Smaller batches with more accumulation, the largest first. */
  readonly smaller: readonly BatchChoice[]
}

export const smallestBatch = 2
/** Beyond it the overhead of single steps would take most of the time. */
const mostAccumulated = 64

/**
 * Every smaller batch that, accumulated, makes updates of as many images (or, where nothing divides them, of nearly as many), each under the
 * plan that the engine would choose for it. Null when the engine knows nothing of its memory.
 */
export async function memoryNeeds(
  engine: TrainingEngine,
  request: Pick<TrainingRequest, 'model' | 'optimizer' | 'plan' | 'batchSize'>,
  accumulate: number,
): Promise<MemoryNeeds | null> {
  const { model, optimizer, plan, batchSize } = request
  const estimate = engine.memory?.({ model, optimizer, plan })
  if (!estimate) return null
  const smaller: BatchChoice[] = []
  for (const choice of smallerBatches(batchSize, accumulate)) {
    const own = await adaptPlan(engine, plan, model, choice.batchSize)
    smaller.push(withBytes(choice, engine.memory?.({ model, optimizer, plan: own }) ?? estimate))
  }
  return { sessionBytes: estimate.sessionBytes, own: withBytes({ batchSize, accumulate }, estimate), smaller }
}

function withBytes(choice: Omit<BatchChoice, 'stepBytes'>, memory: TrainingMemory): BatchChoice {
  const { stepBytes, exampleBytes, accumulationBytes } = memory
  return {
    ...choice,
    stepBytes: stepBytes + choice.batchSize * exampleBytes + (choice.accumulate > 1 ? accumulationBytes : 0),
  }
}

/** Exact ones only, unless there are none: then the largest of each accumulation. */
export function smallerBatches(batchSize: number, accumulate: number): readonly Omit<BatchChoice, 'stepBytes'>[] {
  const images = batchSize * accumulate
  const all = Array.from({ length: mostAccumulated - accumulate }, (_, i) => accumulate + 1 + i)
    .map((times) => ({ batchSize: Math.floor(images / times), accumulate: times }))
    .filter((choice) => choice.batchSize >= smallestBatch)
  const exact = all.filter((choice) => choice.batchSize * choice.accumulate === images)
  return exact.length > 0 ? exact : all.filter((choice, i) => choice.batchSize !== all[i - 1]?.batchSize)
}
