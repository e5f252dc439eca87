import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Estimate, JsonObject, Metrics, SkippedFile } from '../contracts/index.js'
import { reasonOf, writeAtomic } from '../files/index.js'
import { type EpochRecord, trainingErrors } from '../training/index.js'

/** What a finished job leaves in its folder, beside the best weights. */
export interface JobResult {
  readonly version: 1
  readonly estimate: Estimate
  /** Of the best weights on the validation images, when they were asked for. */
  readonly validation: Metrics | null
  /** Of the same evaluation, for the task's charts; null where the task gives none. */
  readonly details: JsonObject | null
  /** Step of the best weights. */
  readonly step: number
  readonly history: readonly EpochRecord[]
  /** Files that could not be used: found by their headers or only when they were decoded. */
  readonly skipped: readonly SkippedFile[]
}

const resultFile = (folder: string) => join(folder, 'result.json')

export async function writeJobResult(folder: string, result: JobResult): Promise<void> {
  await writeAtomic(resultFile(folder), `${JSON.stringify(result, null, 2)}\n`)
}

const metrics = z.record(z.string(), z.number())
const schema = z.looseObject({
  version: z.literal(1),
  estimate: z.looseObject({ metrics }),
  validation: metrics.nullable(),
  // Trainings that ended before there were pictures have none.
  details: z.record(z.string(), z.json()).nullable().default(null),
  step: z.int().min(0),
  history: z.array(z.looseObject({ epoch: z.int() })),
  skipped: z.array(z.looseObject({ file: z.string(), reason: z.string() })),
})

/** The result of a job that is done, or null. @throws MNAS_CHECKPOINT_CORRUPT */
export async function readJobResult(folder: string): Promise<JobResult | null> {
  const path = resultFile(folder)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason: reasonOf(error) }, error)
  })
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text)) as unknown as JobResult
  } catch (error) {
    throw trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason: 'it is not the result of a training' }, error)
  }
}
