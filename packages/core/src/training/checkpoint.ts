import { constants } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ExecutionPlan, Hash, Metrics, Position, Tensors } from '../contracts/index.js'
import { coreErrors, isMnasError } from '../errors/index.js'
import { reasonOf } from '../files/index.js'
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
  /** What decoded the images: with something else the training goes on, and not to the bit. */
  readonly decoders?: string | undefined
}

const checkpointSchema = z.object({
  job: z.string(),
  plan: z.object({ engine: z.string(), mode: z.literal(['standard', 'fast']), accelerator: z.string(), threads: z.int() }),
  step: z.int().min(0),
  next: z.object({ epoch: z.int().min(0), index: z.int().min(0) }),
  lossSum: z.number(),
  best: z.object({ step: z.int(), value: z.number() }).nullable(),
  decoders: z.string().optional(),
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

/** The newest checkpoint of a folder; `age` 1 is the one before it, and so on. */
export const checkpointFile = (folder: string, age = 0) =>
  join(folder, age === 0 ? 'checkpoint.safetensors' : `checkpoint-${age}.safetensors`)
/** The best weights so far, ready to deploy (averaged, batch-norm statistics recomputed). */
export const bestWeightsFile = (folder: string) => join(folder, 'best.safetensors')

/** More would be no safer, and each is as large as the weights with all their slots. */
export const mostCheckpointsKept = 100

/**
 * Writes the newest checkpoint of a folder, whole or not at all.
 * @param kept how many of the last ones stay, from 1
 * @throws MNAS_FILE_WRITE
 */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint, state: Tensors, kept = 1): Promise<void> {
  for (let age = kept - 2; age >= 0; age--)
    await keepOlder(checkpointFile(folder, age), checkpointFile(folder, age + 1), age === 0)
  await writeSafetensors(checkpointFile(folder), state, { checkpoint: JSON.stringify(checkpoint) })
}

/** The newest is copied, not moved: a training killed right here still finds it. */
async function keepOlder(from: string, to: string, copy: boolean): Promise<void> {
  try {
    const temporary = `${to}.tmp`
    if (copy) await copyFile(from, temporary, constants.COPYFILE_FICLONE)
    await rename(copy ? temporary : from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw coreErrors.MNAS_FILE_WRITE({ path: to, reason: reasonOf(error) }, error)
  }
}

/** One file, as it is. */
export async function readCheckpoint(path: string): Promise<{ readonly checkpoint: Checkpoint; readonly state: Tensors }> {
  const { tensors, metadata } = await readSafetensors(path)
  return { checkpoint: checkpointSchema.parse(JSON.parse(metadata['checkpoint'] ?? 'null')), state: tensors }
}

/**
 * The newest checkpoint of a folder that can be read, or null when there is none yet: training from an older one gives the same bits.
 * @throws MNAS_CHECKPOINT_CORRUPT when there are checkpoints and none can be read
 */
export async function loadCheckpoint(folder: string): Promise<{ checkpoint: Checkpoint; state: Tensors } | null> {
  let corrupt: unknown
  for (let age = 0; age < mostCheckpointsKept; age++) {
    const path = checkpointFile(folder, age)
    try {
      return await readCheckpoint(path)
    } catch (error) {
      if (isMissing(error)) continue
      corrupt ??= trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason: damageOf(error) }, error)
    }
  }
  if (corrupt) throw corrupt
  return null
}

/** What reading a weights file advises is no advice here. */
function damageOf(error: unknown): string {
  return isMnasError(error) ? error.message.split('. Expected ', 1)[0]! : 'its record is not that of a training'
}

/** All of them. */
export async function deleteCheckpoints(folder: string): Promise<void> {
  for (let age = 0; age < mostCheckpointsKept; age++) await rm(checkpointFile(folder, age), { force: true })
}

function isMissing(error: unknown): boolean {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
  return isMnasError(error) && error.code === ('MNAS_FILE_MISSING' satisfies keyof typeof coreErrors.definitions)
}
