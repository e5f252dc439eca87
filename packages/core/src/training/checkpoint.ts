import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ExecutionPlan, Hash, Metrics, Position, Tensors } from '../contracts/index.js'
import { type coreErrors, isMnasError } from '../errors/index.js'
import { readSafetensors, writeSafetensors } from '../weights/index.js'
import { trainingErrors } from './errors.js'

/** What one evaluation on the held-out split said. */
export interface EpochRecord {
  /** Epochs done, from 1. */
  readonly epoch: number
  readonly step: number
  /** Mean training loss of the epoch's steps. */
  readonly trainingLoss: number
  readonly learningRate: number
  /** Null for an epoch that was not evaluated. */
  readonly metrics: Metrics | null
}

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
}

const checkpointSchema = z.object({
  job: z.string(),
  plan: z.object({ engine: z.string(), mode: z.literal(['standard', 'fast']), accelerator: z.string(), threads: z.int() }),
  step: z.int().min(0),
  next: z.object({ epoch: z.int().min(0), index: z.int().min(0) }),
  lossSum: z.number(),
  best: z.object({ step: z.int(), value: z.number() }).nullable(),
  history: z.array(
    z.object({
      epoch: z.int(),
      step: z.int(),
      trainingLoss: z.number(),
      learningRate: z.number(),
      metrics: z.record(z.string(), z.number()).nullable(),
    }),
  ),
})

export const checkpointFile = (folder: string) => join(folder, 'checkpoint.safetensors')
/** The best weights so far, ready to deploy (averaged, batch-norm statistics recomputed). */
export const bestWeightsFile = (folder: string) => join(folder, 'best.safetensors')

/** Writes the one checkpoint of a folder, whole or not at all. @throws MNAS_FILE_WRITE */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint, state: Tensors): Promise<void> {
  await writeSafetensors(checkpointFile(folder), state, { checkpoint: JSON.stringify(checkpoint) })
}

/** The checkpoint of a folder, or null when there is none yet. @throws MNAS_CHECKPOINT_CORRUPT */
export async function loadCheckpoint(folder: string): Promise<{ checkpoint: Checkpoint; state: Tensors } | null> {
  const path = checkpointFile(folder)
  try {
    const { tensors, metadata } = await readSafetensors(path)
    return { checkpoint: checkpointSchema.parse(JSON.parse(metadata['checkpoint'] ?? 'null')), state: tensors }
  } catch (error) {
    if (isMissing(error)) return null
    throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason: error instanceof Error ? error.message : String(error) }, error)
  }
}

export async function deleteCheckpoint(folder: string): Promise<void> {
  await rm(checkpointFile(folder), { force: true })
}

function isMissing(error: unknown): boolean {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
  return isMnasError(error) && error.code === ('MNAS_FILE_MISSING' satisfies keyof typeof coreErrors.definitions)
}
