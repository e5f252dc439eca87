import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { architectureSchema } from '../architecture/index.js'
import type { JsonObject, TrialJob } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { reasonOf, writeAtomic } from '../files/index.js'
import { settingsDifferences } from '../runs/index.js'
import { trainingErrors } from '../training/index.js'

/**
 * What `mnas train` remembers beside a bundle, in `local/` (never published): `training.json` the job that was started and `data.json` where
 * its images lie on this computer.
 */
export interface TrainingSettings {
  readonly job: TrialJob
  readonly data: { readonly folder: string }
}

export const localFolder = (out: string) => join(out, 'local')
export const jobFolder = (out: string) => join(localFolder(out), 'training')
const settingsFile = (out: string) => join(localFolder(out), 'training.json')
const dataFile = (out: string) => join(localFolder(out), 'data.json')

const jobSchema = z.object({ architecture: architectureSchema }).loose()

/** The training that a folder holds, or null. */
export async function readTrainingSettings(out: string): Promise<TrainingSettings | null> {
  try {
    const job = jobSchema.parse(JSON.parse(await readFile(settingsFile(out), 'utf8'))) as unknown as TrialJob
    const data = z.object({ folder: z.string() }).parse(JSON.parse(await readFile(dataFile(out), 'utf8')))
    return { job, data }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR')
      throw coreErrors.MNAS_FILE_WRITE({ path: out, reason: reasonOf(error) }, error)
    throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path: settingsFile(out), reason: reasonOf(error) }, error)
  }
}

/** Data first: a folder with training.json is complete. @throws MNAS_FILE_WRITE */
export async function writeTrainingSettings(out: string, settings: TrainingSettings): Promise<void> {
  await mkdir(localFolder(out), { recursive: true }).catch((error) => {
    throw coreErrors.MNAS_FILE_WRITE({ path: out, reason: reasonOf(error) }, error)
  })
  await writeAtomic(dataFile(out), `${JSON.stringify(settings.data, null, 2)}\n`)
  await writeAtomic(settingsFile(out), `${JSON.stringify(settings.job, null, 2)}\n`)
}

/** The same training, whatever plan a fresh probe would choose: the recorded one is used. @throws MNAS_TRAIN_SETTINGS naming what differs */
export function requireSameTraining(out: string, recorded: TrialJob, wanted: TrialJob): void {
  const asJson = ({ plan: _, ...job }: TrialJob) => job as unknown as JsonObject
  const differences = settingsDifferences(asJson(recorded), asJson(wanted))
  if (differences.length > 0)
    throw trainingErrors.MNAS_TRAIN_SETTINGS({ folder: out, differs: differences.slice(0, 3).join('; ') })
}
