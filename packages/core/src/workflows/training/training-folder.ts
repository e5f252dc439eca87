import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { bundleChartsFolder, bundleLocalFolder, recordDataPlace } from '../../bundle/index.js'
import type { DataPlace } from '../../contracts/index.js'
import { coreErrors, isMnasError } from '../../errors/index.js'
import { liesWithin, reasonOf, removeEmptyFolders, removeTemporaries } from '../../files/index.js'
import { acquireLease } from '../../storage/index.js'
import { workflowErrors } from '../errors.js'
import { jobFolder, type PlannedJob, readTrainingSettings, recordTraining, requireSameTraining } from './train-settings.js'

/** A folder in which we alone train. */
export interface OpenTraining {
  /** The one that was begun here, whatever plan a fresh probe would choose. */
  readonly begun: PlannedJob
  /** Removes what this process made, unless the training has come as far as a checkpoint. */
  discardIfEmpty(): Promise<void>
  close(): void
}

/**
 * Takes the folder's lease, and begins the training there or goes on with the one that was begun.
 * @throws MNAS_RUN_LOCKED, MNAS_TRAIN_SETTINGS, MNAS_DATA_CHANGED, MNAS_FILE_WRITE (then nothing new is left)
 */
export async function openTraining(out: string, wanted: PlannedJob, data: DataPlace): Promise<OpenTraining> {
  const made = await mkdir(bundleLocalFolder(out), { recursive: true }).catch((error: unknown) => {
    throw coreErrors.MNAS_FILE_WRITE({ path: out, reason: reasonOf(error) }, error)
  })
  const discardIfEmpty = async () => {
    if (made === undefined || (await hasCheckpoint(out))) return
    await rm(bundleLocalFolder(out), { recursive: true, force: true }).catch(() => undefined)
    // What lies above may hold another's work by now.
    await removeEmptyFolders(out, made)
  }
  const lease = await acquireLease(bundleLocalFolder(out)).catch(async (error: unknown) => {
    // In use: it is the other's folder by now, whoever made it.
    if (!isMnasError(error) || error.code !== 'MNAS_RUN_LOCKED') await discardIfEmpty()
    throw error
  })
  try {
    for (const folder of [out, bundleChartsFolder(out), bundleLocalFolder(out), jobFolder(out)]) await removeTemporaries(folder)
    return { begun: await settledJob(out, wanted, data), discardIfEmpty, close: () => lease.release() }
  } catch (error) {
    await discardIfEmpty()
    lease.release()
    throw error
  }
}

async function settledJob(out: string, wanted: PlannedJob, data: DataPlace): Promise<PlannedJob> {
  const recorded = await readTrainingSettings(out)
  if (recorded) requireSameTraining(out, recorded.job, wanted.job, data.folder)
  // Without training.json nobody knows what a checkpoint or a result belongs to.
  else await rm(jobFolder(out), { recursive: true, force: true })
  // Data first: a folder with training.json is complete.
  if (recorded?.data?.folder !== data.folder || recorded.data.classFolders !== data.classFolders) await recordDataPlace(out, data)
  if (!recorded) await recordTraining(out, wanted)
  return recorded ?? wanted
}

async function hasCheckpoint(out: string): Promise<boolean> {
  const names = await readdir(jobFolder(out)).catch(() => [])
  return names.some((name) => name.endsWith('.safetensors'))
}

/**
 * A new training goes into a new folder, an empty one, or one where a training was: it has `local/`.
 * @throws MNAS_TRAIN_FOLDER
 */
export async function requireNewFolder(out: string, dataFolder: string): Promise<void> {
  if (await liesWithin(out, dataFolder))
    throw workflowErrors.MNAS_TRAIN_FOLDER({ folder: out, received: `a place among the images of "${dataFolder}"` })
  const names: readonly string[] = await readdir(out).catch(() => [])
  const [found] = names
  if (found === undefined || names.includes(basename(bundleLocalFolder(out)))) return
  throw workflowErrors.MNAS_TRAIN_FOLDER({ folder: out, received: `one that holds "${found}"` })
}
