import type { RunReader } from '../run/records.js'
import type { PostProcessingCost } from '../run/run-file.js'
import { openRun } from '../run/run-folder.js'
import { type AskedPlan, type AskedSettings, parseAskedRun } from './asked-settings.js'

/** A run between two commands: nobody holds its lease. */
export interface AskedRun {
  readonly folder: string
  readonly settings: AskedSettings
  readonly plan: AskedPlan
  readonly postProcessing: PostProcessingCost | null
  readonly read: RunReader
}

/**
 * A run whose candidates somebody else trains, for as long as `work` takes.
 * @param command that works on it, for messages
 * @throws MNAS_RUN_MISSING, MNAS_RUN_CORRUPT, MNAS_RUN_VERSION, MNAS_SEARCH_TRAINS, and what `work` throws
 */
export async function withAskedRun<T>(folder: string, command: string, work: (run: AskedRun) => Promise<T>): Promise<T> {
  const { run, store: read } = await openRun(folder)
  try {
    const { settings, plan } = parseAskedRun(folder, run, command)
    return await work({ folder, settings, plan, postProcessing: run.postProcessing ?? null, read })
  } finally {
    read.close()
  }
}
