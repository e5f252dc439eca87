import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Estimate, Metrics } from '../contracts/index.js'
import { writeAtomic } from '../files/index.js'
import type { EpochRecord } from '../training/index.js'

/** What a finished job leaves in its folder, beside the best weights. */
export interface JobResult {
  readonly version: 1
  readonly estimate: Estimate
  /** Of the best weights on the validation images, when they were asked for. */
  readonly validation: Metrics | null
  /** Step of the best weights. */
  readonly step: number
  readonly history: readonly EpochRecord[]
}

const resultFile = (folder: string) => join(folder, 'result.json')

export async function writeJobResult(folder: string, result: JobResult): Promise<void> {
  await writeAtomic(resultFile(folder), `${JSON.stringify(result, null, 2)}\n`)
}

/** The result of a job that is done, or null. */
export async function readJobResult(folder: string): Promise<JobResult | null> {
  try {
    return JSON.parse(await readFile(resultFile(folder), 'utf8')) as JobResult
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
