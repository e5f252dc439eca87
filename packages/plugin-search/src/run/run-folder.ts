import { mkdir, readdir } from 'node:fs/promises'
import type { JsonObject } from '@mnas/core/contracts'
import { coreErrors } from '@mnas/core/errors'
import { reasonOf } from '@mnas/core/files'
import { acquireLease, leaseFile, settingsDifferences } from '@mnas/core/storage'
import { searchErrors } from '../errors.js'
import type { RunReader, RunStore } from './records.js'
import { removeLeaseFile, removeRunFiles } from './remove-run.js'
import { createRunDatabase, openRunDatabase, type RunUsers } from './run-database.js'
import { type RunFile, readRunFile, writeRunFile } from './run-file.js'
import { openReader } from './run-reader.js'
import { openWriter } from './run-writer.js'

/** A run folder whose lease is ours: either a run to go on with, or an empty folder to make one in. */
export interface LeasedRun {
  /** Null when the folder holds no run yet. */
  readonly existing: RunFile | null
  /**
   * Makes the run (existing is null). The lease is the store's from here on; when it fails nothing is left.
   * @param users default: one computer
   */
  create(run: RunFile, users?: RunUsers): Promise<RunStore>
  /** Goes on with the run. @throws MNAS_RUN_SETTINGS when `settings` are not those it began with, MNAS_RUN_CORRUPT */
  resume(settings: RunFile['settings']): Promise<RunStore>
  /** Gives the lease back when neither was called. */
  release(): void
}

/**
 * Becomes the only writer of a run folder, which is made when missing.
 * @throws MNAS_RUN_LOCKED, MNAS_RUN_FOLDER, MNAS_RUN_CORRUPT, MNAS_FILE_WRITE
 */
export async function leaseRun(folder: string): Promise<LeasedRun> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw coreErrors.MNAS_FILE_WRITE({ path: folder, reason: reasonOf(error) }, error)
  })
  await requireRunOrEmpty(folder)
  const lease = await acquireLease(folder)
  try {
    const existing = await readRunFile(folder)
    return {
      existing,
      async create(run, users = 'one-computer') {
        // run.json is written last: without it, what an interrupted beginning left is no run and is made again.
        await removeRunFiles(folder)
        try {
          createRunDatabase(folder, users)
          await writeRunFile(folder, run)
          return openWriter(folder, lease)
        } catch (error) {
          await removeRunFiles(folder)
          lease.release()
          await removeLeaseFile(folder)
          throw error
        }
      },
      async resume(settings) {
        // A run of another version has other settings, too: its version is what to tell.
        openRunDatabase(folder).close()
        if (existing) requireSameSettings(folder, existing.settings, settings)
        return openWriter(folder, lease)
      },
      release: () => lease.release(),
    }
  } catch (error) {
    lease.release()
    throw error
  }
}

/** For showing a run, also while another process writes it. @throws MNAS_RUN_MISSING, MNAS_RUN_CORRUPT */
export async function openRun(folder: string): Promise<{ readonly run: RunFile; readonly store: RunReader }> {
  const run = await readRunFile(folder)
  if (!run) throw searchErrors.MNAS_RUN_MISSING({ folder })
  return { run, store: openReader(folder) }
}

/** Leftovers of a beginning that was killed are fine; anything else is somebody's folder. */
async function requireRunOrEmpty(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.includes('run.json')) return
  const ours = new RegExp(`^(${leaseFile}|run\\.db)(-journal|-wal|-shm)?$|^run\\.json\\..*\\.tmp$`)
  const found = names.find((name) => !ours.test(name))
  if (found !== undefined) throw searchErrors.MNAS_RUN_FOLDER({ folder, received: `one that holds "${found}"` })
}

function requireSameSettings(folder: string, recorded: JsonObject, asked: JsonObject): void {
  const differences = settingsDifferences(recorded, asked)
  if (differences.length > 0) throw searchErrors.MNAS_RUN_SETTINGS({ folder, differences })
}
