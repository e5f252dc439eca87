import { createRequire } from 'node:module'
import type Database from 'libsql'

export type Sqlite = Database.Database

/** Opens a database. Loads the native library on first use, so that a command that measures nothing never pays for it. */
export function openSqlite(path: string, timeoutMs: number): Sqlite {
  const Libsql = createRequire(import.meta.url)('libsql') as typeof Database
  // The type definitions are better-sqlite3's: their `timeout` is what libsql reads, too.
  return new Libsql(path, { timeout: timeoutMs })
}

/** Whether somebody else holds what was asked for. */
export function isBusy(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
}
