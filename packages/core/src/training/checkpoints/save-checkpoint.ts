import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import type { Tensors } from '../../contracts/index.js'
import { coreErrors } from '../../errors/index.js'
import { jsonText, reasonOf, renameOver, temporaryOf } from '../../files/index.js'
import { writeSafetensors } from '../../weights/index.js'
import { type Checkpoint, checkpointFile, mostCheckpointsKept } from './checkpoint.js'

/**
 * Writes the newest checkpoint of a folder, whole or not at all.
 * @param kept how many of the last ones stay, from 1
 * @throws MNAS_FILE_WRITE
 */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint, state: Tensors, kept = 1): Promise<void> {
  for (let age = kept - 2; age >= 0; age--)
    await keepOlder(checkpointFile(folder, age), checkpointFile(folder, age + 1), age === 0)
  await writeSafetensors(checkpointFile(folder), state, { checkpoint: jsonText(checkpoint, 0) })
}

/** The newest is copied, not moved: a training killed right here still finds it. */
async function keepOlder(from: string, to: string, copy: boolean): Promise<void> {
  const temporary = temporaryOf(to)
  try {
    if (copy) await copyFile(from, temporary, constants.COPYFILE_FICLONE)
    await renameOver(copy ? temporary : from, to)
  } catch (error) {
    // Where the disk is full it would take the place of what is to be written next.
    await rm(temporary, { force: true }).catch(() => undefined)
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw coreErrors.MNAS_FILE_WRITE({ path: to, reason: reasonOf(error) }, error)
  }
}

/** All of them. */
export async function deleteCheckpoints(folder: string): Promise<void> {
  for (let age = 0; age < mostCheckpointsKept; age++) await rm(checkpointFile(folder, age), { force: true })
}
