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
 * @throws MNAS_CHECKPOINT_CORRUPT when there are checkpoints and none is whole, MNAS_FILE_MISSING when none can be read at the moment
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
      corrupt ??= isUnreadable(error) ? error : trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason: damageOf(error) }, error)
    }
  }
  if (corrupt) throw corrupt
  return null
}

/** What reading a weights file advises is no advice here. */
function damageOf(error: unknown): string {
  return isMnasError(error) ? error.message.split('. Expected ', 1)[0]! : 'its record is not that of a training'
}

/** There, but not to be read at the moment: a share that hangs, another's lock. To begin anew would overwrite it. */
const isUnreadable = (error: unknown): boolean =>
  isMnasError(error) && error.code === ('MNAS_FILE_MISSING' satisfies keyof typeof coreErrors.definitions)

const isMissing = (error: unknown): boolean =>
  hasCode(error, 'ENOENT') || (isUnreadable(error) && hasCode(causeOf(error), 'ENOENT'))

const hasCode = (error: unknown, code: string) => (error as NodeJS.ErrnoException | undefined)?.code === code
const causeOf = (error: unknown) => (error as Error).cause
