import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { architectureSchema } from '../architecture/index.js'
import type { JsonObject, TrialJob } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { reasonOf, writeAtomic } from '../files/index.js'
import { settingsDifferences } from '../storage/index.js'
import { trainingErrors } from '../training/index.js'

/**
 * What `mnas train` remembers beside a bundle, in `local/` (never published): `training.json` the job that was started and `data.json` where
 * its images lie on this computer.
 */
export interface TrainingSettings {
  readonly job: TrialJob
  /** Null when nobody knows any more: data.json is gone. */
  readonly dataFolder: string | null
}

export const localFolder = (out: string) => join(out, 'local')
export const jobFolder = (out: string) => join(localFolder(out), 'training')
const settingsFile = (out: string) => join(localFolder(out), 'training.json')
const dataFile = (out: string) => join(localFolder(out), 'data.json')

const jobSchema = z.object({
  architecture: architectureSchema,
  data: z.string(),
  fidelity: z.looseObject({ epochs: z.int().min(1) }),
  plan: z.looseObject({ engine: z.string() }),
})
const dataSchema = z.object({ folder: z.string() })

/** The training that a folder holds, or null. @throws MNAS_CHECKPOINT_CORRUPT, MNAS_FILE_WRITE when the folder lies below a file */
export async function readTrainingSettings(out: string): Promise<TrainingSettings | null> {
  const job = await readJson(out, settingsFile(out), jobSchema)
  if (job === null) return null
  const data = await readJson(out, dataFile(out), dataSchema)
  return { job: job as unknown as TrialJob, dataFolder: data?.folder ?? null }
}

/** A file of `local/` as it stands there, or null when it is missing. */
async function readJson<T>(out: string, path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw coreErrors.MNAS_FILE_WRITE({ path: out, reason: reasonOf(error) }, error)
  })
  if (text === null) return null
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason: 'it is not JSON' }, error)
  }
  const { error } = schema.safeParse(json)
  if (!error) return json as T
  const { path: field, message } = error.issues[0]!
  const reason = field.length === 0 ? message : `at "${field.join('.')}": ${message}`
  throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason }, error)
}

/** @throws MNAS_FILE_WRITE */
export async function recordTraining(out: string, job: TrialJob): Promise<void> {
  await writeAtomic(settingsFile(out), `${JSON.stringify(job, null, 2)}\n`)
}

/** Images may move: the same ones (the job's fingerprint says so) in another folder. */
export async function recordDataFolder(out: string, folder: string): Promise<void> {
  await writeAtomic(dataFile(out), `${JSON.stringify({ folder }, null, 2)}\n`)
}

/**
 * The same training, whatever plan a fresh probe would choose: the recorded one is used.
 * @throws MNAS_DATA_CHANGED, MNAS_TRAIN_SETTINGS naming what differs
 */
export function requireSameTraining(out: string, recorded: TrialJob, wanted: TrialJob, dataFolder: string): void {
  const asJson = ({ plan: _, ...job }: TrialJob) => job as unknown as JsonObject
  const differences = settingsDifferences(asJson({ ...recorded, data: wanted.data }), asJson(wanted))
  if (differences.length > 0)
    throw trainingErrors.MNAS_TRAIN_SETTINGS({ folder: out, differs: differences.slice(0, 3).join('; ') })
  if (recorded.data === wanted.data) return
  throw trainingErrors.MNAS_DATA_CHANGED({ folder: dataFolder, expected: recorded.data, received: wanted.data })
}
