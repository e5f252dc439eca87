import { createRequire } from 'node:module'
import type Libsql from 'libsql'
import { coreErrors } from '../errors/index.js'
import { storageErrors } from './errors.js'

export type Value = string | number | null | Uint8Array
export type Row = Readonly<Record<string, unknown>>

/** The part of SQLite that we need, synchronous, with our errors. */
export interface Database {
  readonly path: string
  readonly inTransaction: boolean
  exec(sql: string): void
  run(sql: string, values?: readonly Value[]): void
  all(sql: string, values?: readonly Value[]): readonly Row[]
  get(sql: string, values?: readonly Value[]): Row | undefined
  /** All or nothing; within another one, part of that one. */
  transaction<T>(work: () => T): T
  close(): void
}

export interface DatabaseOptions {
  /** How long a statement waits for another process's lock. Default: not at all. */
  readonly waitMs?: number
  /** What it is called when the file is damaged or no database. Default: MNAS_STORAGE_CORRUPT. */
  readonly damage?: (reason: string, cause: unknown) => Error
}

/**
 * Opens or makes a database file. The native library is loaded by the first call, so that a command that stores nothing never
 * pays for it.
 * @throws (all methods too) `options.damage`, MNAS_FILE_WRITE; what isBusy knows when another holds the lock
 */
export function openDatabase(path: string, options: DatabaseOptions = {}): Database {
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw translated(path, error, options.damage)
    }
  }
  const Connection = createRequire(import.meta.url)('libsql') as typeof Libsql
  // The type definitions are better-sqlite3's: their `timeout` is what libsql reads, too.
  const connection = attempt(() => new Connection(path, { timeout: options.waitMs ?? 0 }))
  const exec = (sql: string): void => {
    attempt(() => connection.exec(sql))
  }
  const statements = new Map<string, ReturnType<typeof connection.prepare>>()
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  // libsql takes a lone null for named parameters: values always go as one array.
  const all = (sql: string, values: readonly Value[] = []) => attempt(() => prepared(sql).all([...values]) as Row[])
  let inside = false
  return {
    path,
    get inTransaction() {
      return connection.inTransaction
    },
    exec,
    run: (sql, values = []) => void attempt(() => prepared(sql).run([...values])),
    all,
    get: (sql, values) => all(sql, values)[0],
    transaction(work) {
      if (inside) return work()
      exec('BEGIN IMMEDIATE')
      inside = true
      try {
        const result = work()
        exec('COMMIT')
        return result
      } catch (error) {
        // A failed COMMIT (a full disk) may have rolled back already; the first error is the one to tell.
        if (connection.inTransaction) connection.exec('ROLLBACK')
        throw error
      } finally {
        inside = false
      }
    },
    close: () => void connection.close(),
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '')

/** Whether somebody else holds what was asked for. */
export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY') || codeOf(error).startsWith('SQLITE_LOCKED')
}

const damage: readonly string[] = ['SQLITE_NOTADB', 'SQLITE_CORRUPT']
const unwritable: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'no space left on the disk',
  SQLITE_IOERR: 'the disk reported an error, or no space is left',
  SQLITE_READONLY: 'permission denied',
  SQLITE_PERM: 'permission denied',
  SQLITE_CANTOPEN: 'it cannot be opened for writing',
}

/** SQLite's errors that a user can act on, in our words; others stay as they are. */
function translated(path: string, error: unknown, named: DatabaseOptions['damage']): unknown {
  const code = codeOf(error)
  if (damage.some((prefix) => code.startsWith(prefix))) {
    const reason = messageOf(error)
    return named ? named(reason, error) : storageErrors.MNAS_STORAGE_CORRUPT({ path, reason }, error)
  }
  const reason = Object.entries(unwritable).find(([prefix]) => code.startsWith(prefix))?.[1]
  // libsql reports a file that it cannot open without SQLite's code.
  if (reason === undefined && /unable to open/i.test(messageOf(error))) {
    return coreErrors.MNAS_FILE_WRITE({ path, reason: unwritable['SQLITE_CANTOPEN']! }, error)
  }
  return reason === undefined ? error : coreErrors.MNAS_FILE_WRITE({ path, reason }, error)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
