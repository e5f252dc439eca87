import type { Tensors } from '../../contracts/index.js'
import { isMnasError } from '../../errors/index.js'
import { readSafetensors, readSafetensorsMetadata } from '../../weights/index.js'
import { trainingErrors } from '../errors.js'
import { type Checkpoint, checkpointFile, checkpointSchema, mostCheckpointsKept } from './checkpoint.js'
import { isDamage, isMissing, isUnreadable } from './read-failures.js'

/** One file, as it is. */
export async function readCheckpoint(path: string): Promise<{ readonly checkpoint: Checkpoint; readonly state: Tensors }> {
  const { tensors, metadata } = await readSafetensors(path)
  return { checkpoint: recordIn(metadata), state: tensors }
}

const recordIn = (metadata: Readonly<Record<string, string>>): Checkpoint =>
  checkpointSchema.parse(JSON.parse(metadata['checkpoint'] ?? 'null'))

/**
 * The newest checkpoint of a folder that can be read, or null when there is none yet: training from an older one gives the same bits.
 * @throws MNAS_CHECKPOINT_CORRUPT when there are checkpoints and none is whole, MNAS_FILE_MISSING when none can be read at the moment, and at once
 * what says nothing of the file, as want of memory
 */
export const loadCheckpoint = (folder: string) => newestOf(folder, readCheckpoint)

/** The same without the state, which may be a few hundred megabytes. */
export const loadCheckpointRecord = (folder: string): Promise<Checkpoint | null> =>
  newestOf(folder, async (path) => recordIn(await readSafetensorsMetadata(path)))

async function newestOf<T>(folder: string, read: (path: string) => Promise<T>): Promise<T | null> {
  let unusable: unknown
  for (let age = 0; age < mostCheckpointsKept; age++) {
    const path = checkpointFile(folder, age)
    try {
      return await read(path)
    } catch (error) {
      if (isMissing(error)) continue
      unusable ??= whyUnusable(path, error)
    }
  }
  // What cannot be read at the moment may be whole: to begin anew would overwrite it.
  if (unusable) throw unusable
  return null
}

/** @throws what says nothing of the file */
function whyUnusable(path: string, error: unknown): unknown {
  if (isUnreadable(error)) return error
  if (!isDamage(error)) throw error
  // What reading a weights file advises is no advice here.
  const reason = isMnasError(error) ? error.message.split('. Expected ', 1)[0]! : 'its record is not that of a training'
  return trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason }, error)
}
