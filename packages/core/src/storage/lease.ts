import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isBusy, openDatabase } from './database.js'
import { storageErrors } from './errors.js'

/** The right to be a folder's only writer. */
export interface Lease {
  release(): void
}

/**
 * Takes a folder's lease: an exclusive SQLite transaction that stays open, whose lock the kernel drops when the process dies in
 * whatever way.
 * @throws MNAS_RUN_LOCKED when another process (or another lease of this one) holds it, MNAS_STORAGE_CORRUPT, MNAS_FILE_WRITE
 */
export async function acquireLease(folder: string): Promise<Lease> {
  return waitForLease(folder, lookMs)
}

/**
 * acquireLease for those who hold it for milliseconds and wait for each other. The event loop stands still meanwhile.
 * @param waitMs at most, before MNAS_RUN_LOCKED
 */
export function waitForLease(folder: string, waitMs: number): Lease {
  const database = openDatabase(join(folder, leaseFile), { waitMs })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) throw storageErrors.MNAS_RUN_LOCKED({ folder }, error)
    throw error
  }
  return { release: () => database.close() }
}

/** Whoever looks whether a lease is held is in its way, for less than this. */
const lookMs = 50

/** Whether somebody holds a folder's lease at the moment. */
export function isLeased(folder: string): boolean {
  const path = join(folder, leaseFile)
  if (!existsSync(path)) return false
  const database = openDatabase(path)
  try {
    database.get('SELECT count(*) FROM sqlite_master')
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw error
  } finally {
    database.close()
  }
}

export const leaseFile = 'lease.db'
