import { join } from 'node:path'
import { z } from 'zod'
import type { EpochRecord, ExecutionPlan, Hash, Position } from '../../contracts/index.js'

/** The metadata of a checkpoint file; the tensors are the session's whole state. */
export interface Checkpoint {
  readonly job: Hash
  readonly plan: ExecutionPlan
  /** Updates done. */
  readonly step: number
  readonly next: Position
  /** Sum of the losses of the current epoch's steps so far. */
  readonly lossSum: number
  readonly best: { readonly step: number; readonly value: number } | null
  readonly history: readonly EpochRecord[]
  /** What decoded the images: with something else the training goes on, and not to the bit. */
  readonly decoders?: string | undefined
}

export const planSchema = z.object({
  engine: z.string(),
  mode: z.literal(['standard', 'fast']),
  accelerator: z.string(),
  threads: z.int(),
})

export const epochSchema = z.object({
  epoch: z.int(),
  step: z.int(),
  trainingLoss: z.number(),
  learningRate: z.number(),
  metrics: z.record(z.string(), z.number()).nullable(),
})

export const checkpointSchema = z.object({
  job: z.string(),
  plan: planSchema,
  step: z.int().min(0),
  next: z.object({ epoch: z.int().min(0), index: z.int().min(0) }),
  lossSum: z.number(),
  best: z.object({ step: z.int(), value: z.number() }).nullable(),
  decoders: z.string().optional(),
  history: z.array(epochSchema),
})

/** The newest checkpoint of a folder; `age` 1 is the one before it, and so on. */
export const checkpointFile = (folder: string, age = 0) =>
  join(folder, age === 0 ? 'checkpoint.safetensors' : `checkpoint-${age}.safetensors`)
/** The best weights so far, ready to deploy (averaged, batch-norm statistics recomputed). */
export const bestWeightsFile = (folder: string) => join(folder, 'best.safetensors')

/** More would be no safer, and each is as large as the weights with all their slots. */
export const mostCheckpointsKept = 100
