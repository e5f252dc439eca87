import type { Tensors } from '../../contracts/index.js'
import { type coreErrors, isMnasError } from '../../errors/index.js'
import { readSafetensors, readSafetensorsMetadata } from '../../weights/index.js'
import { trainingErrors } from '../errors.js'
import { type Checkpoint, checkpointFile, checkpointSchema, mostCheckpointsKept } from './checkpoint.js'

/** One file, as it is. */
export async function readCheckpoint(path: string): Promise<{ readonly checkpoint: Checkpoint; readonly state: Tensors }> {
  const { tensors, metadata } = await readSafetensors(path)
  return { checkpoint: recordIn(metadata), state: tensors }
}

const recordIn = (metadata: Readonly<Record<string, string>>): Checkpoint =>
  checkpointSchema.parse(JSON.parse(metadata['checkpoint'] ?? 'null'))

/**
 * The newest checkpoint of a folder that can be read, or null when there is none yet: training from an older one gives the same bits.
 * @throws MNAS_CHECKPOINT_CORRUPT when there are checkpoints and none can be read
 */
export const loadCheckpoint = (folder: string) => newestOf(folder, readCheckpoint)

/** The same without the state, which may be a few hundred megabytes. */
export const loadCheckpointRecord = (folder: string): Promise<Checkpoint | null> =>
  newestOf(folder, async (path) => recordIn(await readSafetensorsMetadata(path)))

async function newestOf<T>(folder: string, read: (path: string) => Promise<T>): Promise<T | null> {
  let corrupt: unknown
  for (let age = 0; age < mostCheckpointsKept; age++) {
    const path = checkpointFile(folder, age)
    try {
      return await read(path)
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

function isMissing(error: unknown): boolean {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
  return isMnasError(error) && error.code === ('MNAS_FILE_MISSING' satisfies keyof typeof coreErrors.definitions)
}
