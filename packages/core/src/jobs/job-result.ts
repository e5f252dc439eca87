import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { JobResult } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { jsonText, readJson, writeAtomic } from '../files/index.js'
import { epochSchema, planSchema, trainingErrors } from '../training/index.js'
import { discardArtefacts, hasArtefacts } from './artefacts.js'

/** What a finished job leaves in its folder. */
const resultFile = (folder: string) => join(folder, 'result.json')

/** @throws MNAS_FILE_WRITE */
export async function writeJobResult(folder: string, result: JobResult): Promise<void> {
  await writeAtomic(resultFile(folder), jsonText({ version: 1, ...result }))
}

const metrics = z.record(z.string(), z.number())
const schema = z.object({
  version: z.literal(1),
  metrics,
  validation: metrics.nullable(),
  details: z.record(z.string(), z.json()).nullable(),
  history: z.array(epochSchema),
  step: z.int().min(0),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  plan: planSchema,
  artefacts: z.object({ weights: z.string().exactOptional(), checkpoint: z.string().exactOptional() }),
})

/** The result of a job that is done, or null. @throws MNAS_CHECKPOINT_CORRUPT, MNAS_FILE_MISSING when it cannot be read at the moment */
export async function readJobResult(folder: string): Promise<JobResult | null> {
  const path = resultFile(folder)
  const corrupt = (reason: string, cause: unknown) => trainingErrors.MNAS_CHECKPOINT_CORRUPT({ path, reason }, cause)
  const json = await readJson(path, ({ kind, reason, cause }) =>
    kind === 'unreadable'
      ? coreErrors.MNAS_FILE_MISSING({ path, what: `Result of the training (${reason})` }, cause)
      : corrupt(reason, cause),
  )
  if (json === null) return null
  const { data, error } = schema.safeParse(json)
  if (error) throw corrupt('it is not the result of a training', error)
  const { version: _, ...result } = data
  return result
}

/** Before a job is done again whose result did not keep what is asked for now: from its last checkpoint, where that suffices. */
export async function reopenJob(folder: string): Promise<void> {
  if ((await readJobResult(folder)) === null) return
  await rm(resultFile(folder))
  if (!(await hasArtefacts(folder))) await discardArtefacts(folder, [])
}
