import { join } from 'node:path'
import { isBusy, openDatabase } from './database.js'
import { runErrors } from './errors.js'

/** The right to be a run's only writer. */
export interface Lease {
  release(): void
}

/**
 * Takes the run's lease: an exclusive SQLite transaction that stays open, whose lock the kernel drops when the process dies in whatever way.
 * @throws MNAS_RUN_LOCKED when another process (or another store of this one) holds it, MNAS_FILE_WRITE
 */
export async function acquireLease(folder: string): Promise<Lease> {
  const database = await openDatabase(join(folder, leaseFile))
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) throw runErrors.MNAS_RUN_LOCKED({ folder }, error)
    throw error
  }
  return { release: () => database.close() }
}

export const leaseFile = 'lease.db'
