import { join } from 'node:path'
import { z } from 'zod'
import { architectureSchema } from '../../architecture/index.js'
import { bundleLocalFolder, readDataPlace } from '../../bundle/index.js'
import type { DataPlace, ExecutionPlan, JsonObject, TrialJob } from '../../contracts/index.js'
import { coreErrors } from '../../errors/index.js'
import { jsonText, readJson, writeAtomic } from '../../files/index.js'
import { settingsDifferences } from '../../storage/index.js'
import { planSchema, trainingErrors } from '../../training/index.js'

/** A job and the plan that it was begun with. */
export interface PlannedJob {
  readonly job: TrialJob
  readonly plan: ExecutionPlan
}

/**
 * What `mnas train` remembers beside a bundle, in `local/` (never published): `training.json` the job that was started, with its plan, and
 * `data.json` where its images lie on this computer.
 */
export interface TrainingSettings extends PlannedJob {
  /** Null when nobody knows any more: data.json is gone. */
  readonly data: DataPlace | null
}

export const jobFolder = (out: string) => join(bundleLocalFolder(out), 'training')
const settingsFile = (out: string) => join(bundleLocalFolder(out), 'training.json')

const settingsSchema = z.object({
  architecture: architectureSchema,
  data: z.string(),
  fidelity: z.looseObject({ epochs: z.int().min(1) }),
  plan: planSchema,
})

/** The training that a folder holds, or null. @throws MNAS_CHECKPOINT_CORRUPT, MNAS_FILE_WRITE when the folder lies below a file */
export async function readTrainingSettings(out: string): Promise<TrainingSettings | null> {
  const path = settingsFile(out)
  const json = await readJson(path, ({ kind, reason, cause }) =>
    kind === 'unreadable'
      ? coreErrors.MNAS_FILE_WRITE({ path: out, reason }, cause)
      : trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason }, cause),
  )
  if (json === null) return null
  const { error } = settingsSchema.safeParse(json)
  if (!error) {
    const { plan, ...job } = json as TrialJob & { readonly plan: ExecutionPlan }
    return { job, plan, data: await readDataPlace(out) }
  }
  const { path: field, message } = error.issues[0]!
  const reason = field.length === 0 ? message : `at "${field.join('.')}": ${message}`
  throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason }, error)
}

/** @throws MNAS_FILE_WRITE */
export async function recordTraining(out: string, { job, plan }: PlannedJob): Promise<void> {
  await writeAtomic(settingsFile(out), jsonText({ ...job, plan }))
}

/** @throws MNAS_DATA_CHANGED, MNAS_TRAIN_SETTINGS naming what differs */
export function requireSameTraining(out: string, recorded: TrialJob, wanted: TrialJob, dataFolder: string): void {
  const asJson = (job: TrialJob) => job as unknown as JsonObject
  const differences = settingsDifferences(asJson({ ...recorded, data: wanted.data }), asJson(wanted))
  if (differences.length > 0)
    throw trainingErrors.MNAS_TRAIN_SETTINGS({ folder: out, differs: differences.slice(0, 3).join('; ') })
  if (recorded.data === wanted.data) return
  throw trainingErrors.MNAS_DATA_CHANGED({ folder: dataFolder, expected: recorded.data, received: wanted.data })
}
