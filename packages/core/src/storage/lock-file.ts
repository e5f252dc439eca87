import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { coreErrors } from '../errors/index.js'
import { reasonOf } from '../files/index.js'
import { isBusy, openDatabase } from './database.js'

/**
 * A reader-writer lock in a file that the kernel frees when its holder dies. One object holds at most one lock at a time; two
 * objects on the same file stand against each other in one process as they do in two.
 */
export interface LockFile {
  /** Takes the lock together with other shared holders; false when somebody holds it alone. Never waits. */
  tryShared(): boolean
  /** Takes the lock alone; false when anybody holds it. Never waits. */
  tryExclusive(): boolean
  release(): void
  close(): void
}

/**
 * The lock is SQLite's own on a database that nobody ever writes: an open read transaction is the shared lock, BEGIN EXCLUSIVE
 * the other (rollback-journal mode, in which a writer excludes readers). Taking and releasing it is a handful of system calls,
 * about 10 µs. No other code of this process may open the file: POSIX frees a process's locks when any of its descriptors of
 * the file is closed.
 * @throws MNAS_FILE_WRITE
 */
export function openLockFile(path: string): LockFile {
  createOnce(path)
  const database = openDatabase(path)
  let held = false
  const attempt = (sql: string): boolean => {
    try {
      database.exec(sql)
      held = true
      return true
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      if (isBusy(error)) return false
      throw error
    }
  }
  return {
    tryShared: () => attempt('BEGIN; SELECT 1 FROM sqlite_schema'),
    tryExclusive: () => attempt('BEGIN EXCLUSIVE'),
    release() {
      if (held) database.exec('ROLLBACK')
      held = false
    },
    close: () => database.close(),
  }
}

/** The database appears whole or not at all, and only once: a second inode would be a second lock. */
function createOnce(path: string): void {
  if (isFile(path)) return
  try {
    mkdirSync(dirname(path), { recursive: true })
    linkNewDatabase(path)
  } catch (error) {
    if (isFile(path)) return
    throw coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(error) }, error)
  }
}

function linkNewDatabase(path: string): void {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    const database = openDatabase(temporary)
    database.exec('CREATE TABLE lock (held)')
    database.close()
    linkSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  } catch {
    return false
  }
}
