import { coreErrors } from '../errors/index.js'
import { runErrors } from './errors.js'

type Value = string | number | null
export type Row = Readonly<Record<string, unknown>>

/** The part of SQLite that a run needs, synchronous, with our errors. */
export interface Database {
  readonly path: string
  exec(sql: string): void
  run(sql: string, values: readonly Value[]): void
  all(sql: string, values?: readonly Value[]): readonly Row[]
  get(sql: string, values?: readonly Value[]): Row | undefined
  /** All or nothing; within another one, part of that one. */
  transaction<T>(work: () => T): T
  close(): void
}

/** Opens or makes a database file. @param waitMs how long a statement waits for another process's lock */
export async function openDatabase(path: string, waitMs = 0): Promise<Database> {
  const { default: Libsql } = await import('libsql')
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw translated(path, error)
    }
  }
  const connection = attempt(() => new Libsql(path, { timeout: waitMs }))
  const exec = (sql: string): void => {
    attempt(() => connection.exec(sql))
  }
  const statements = new Map<string, ReturnType<typeof connection.prepare>>()
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  let inside = false
  return {
    path,
    exec,
    // libsql takes a lone null for named parameters: values always go as one array.
    run: (sql, values) => void attempt(() => prepared(sql).run([...values])),
    all: (sql, values = []) => attempt(() => prepared(sql).all([...values]) as Row[]),
    get: (sql, values = []) => attempt(() => (prepared(sql).all([...values]) as Row[])[0]),
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
function translated(path: string, error: unknown): unknown {
  const code = codeOf(error)
  if (damage.some((prefix) => code.startsWith(prefix)))
    return runErrors.MNAS_RUN_CORRUPT({ path, reason: messageOf(error) }, error)
  const reason = Object.entries(unwritable).find(([prefix]) => code.startsWith(prefix))?.[1]
  // libsql reports a file that it cannot open without SQLite's code.
  if (reason === undefined && /unable to open/i.test(messageOf(error))) {
    return coreErrors.MNAS_FILE_WRITE({ path, reason: unwritable['SQLITE_CANTOPEN']! }, error)
  }
  return reason === undefined ? error : coreErrors.MNAS_FILE_WRITE({ path, reason }, error)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
