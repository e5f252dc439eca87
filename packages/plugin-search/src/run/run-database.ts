import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '@mnas/core/storage'
import { searchErrors } from '../errors.js'
import { finalistsTable } from './finalists.js'

/** Of this file's tables. A run of another version is refused by name: migrations begin with the first release. */
const schemaVersion = 3
/** Readers and the writer wait for each other's short transactions. */
const waitMs = 10_000

/**
 * What is asked for once a trial has an index: an architecture by its genome, the best, the front, how many ended how. `status`
 * NULL = not ended. Architectures are long and read only to be shown: they lie apart.
 */
const schema = `
  CREATE TABLE trials (
    id INTEGER PRIMARY KEY, proposal INTEGER, candidate TEXT NOT NULL, genome TEXT NOT NULL, status TEXT,
    latency_ms REAL NOT NULL, latency_source TEXT NOT NULL, relative_error REAL NOT NULL,
    parameters INTEGER NOT NULL, macs INTEGER NOT NULL, peak_memory_bytes INTEGER NOT NULL, size_bytes INTEGER,
    reward REAL, objective_values TEXT, estimate TEXT, error TEXT, on_front INTEGER NOT NULL DEFAULT 0
  );
  CREATE UNIQUE INDEX trials_by_genome ON trials (genome);
  CREATE INDEX trials_by_status ON trials (status);
  CREATE INDEX trials_by_reward ON trials (reward DESC, latency_ms, id) WHERE status = 'completed';
  CREATE INDEX trials_on_front ON trials (latency_ms) WHERE on_front = 1;
  CREATE TABLE architectures (trial INTEGER PRIMARY KEY, architecture TEXT NOT NULL);
  CREATE TABLE told (position INTEGER PRIMARY KEY, trial INTEGER NOT NULL, proposal INTEGER);
  CREATE TABLE repeats (proposal INTEGER PRIMARY KEY, trial INTEGER NOT NULL);
  CREATE TABLE files (candidate TEXT PRIMARY KEY, structure TEXT NOT NULL, size_bytes INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE measurements (id INTEGER PRIMARY KEY, structure TEXT NOT NULL, effort TEXT NOT NULL, measurement TEXT NOT NULL);
  CREATE UNIQUE INDEX measurements_by_structure ON measurements (structure, effort);
  CREATE TABLE events (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, event TEXT NOT NULL);
  CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL, tensors BLOB, tensors_hash TEXT);
  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY, started_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0
  );
  ${finalistsTable}
  PRAGMA user_version = ${schemaVersion};
`
/**
 * A trial changes a row here and there (indexes by hash touch a page of their own each), and a changed row is written as its whole
 * page, into the log and later into the file: pages of 1 KiB take 2.5 times fewer bytes a trial than SQLite's 4 KiB, and reading a
 * run of 100,000 trials takes about as long. Runs of another size stay readable, since the file says its own.
 */
const pageBytes = 1024
const tables = ['trials', 'architectures', 'told', 'repeats', 'measurements', 'events', 'state', 'sessions', 'finalists']

const databasePath = (folder: string): string => join(folder, 'run.db')

/** Makes the empty database of a new run. */
export function createRunDatabase(folder: string): void {
  const database = connect(databasePath(folder))
  try {
    database.exec(`PRAGMA page_size = ${pageBytes}`)
    database.exec('PRAGMA journal_mode = WAL')
    database.transaction(() => database.exec(schema))
  } finally {
    database.close()
  }
}

const connect = (path: string): Database =>
  openDatabase(path, { waitMs, damage: (reason, cause) => searchErrors.MNAS_RUN_CORRUPT({ path, reason }, cause) })

/**
 * Opens a run's database after a look that costs the same for every run: its length, its version, the end of every table. What
 * else is damaged shows when it is read; `checkWhole` reads all of it.
 * @throws MNAS_RUN_CORRUPT, MNAS_RUN_VERSION
 */
export function openRunDatabase(folder: string): Database {
  const path = databasePath(folder)
  if (!existsSync(path)) throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: 'the file is missing' })
  requireLength(path)
  const database = connect(path)
  try {
    const received = Number(database.get('PRAGMA user_version')?.['user_version'])
    if (received === 0) throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: 'it is not the database of a run' })
    if (received !== schemaVersion) throw searchErrors.MNAS_RUN_VERSION({ folder, expected: schemaVersion, received })
    for (const table of tables) database.get(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** SQLite's check of every page. Some ten microseconds a trial. @throws MNAS_RUN_CORRUPT */
export function checkWhole(database: Database): void {
  const found = String(database.get('PRAGMA quick_check(1)')?.['quick_check'])
  if (found !== 'ok') throw searchErrors.MNAS_RUN_CORRUPT({ path: database.path, reason: found })
}

const headerBytes = 100

/** A file that was cut short says so itself: its header counts its pages (SQLite's file format, 1.3). */
function requireLength(path: string): void {
  const file = openSync(path, 'r')
  try {
    const header = new DataView(new ArrayBuffer(headerBytes))
    const read = readSync(file, header, 0, headerBytes, 0)
    const bytesOfPage = header.getUint16(16) === 1 ? 65_536 : header.getUint16(16)
    const expected = Math.max(headerBytes, header.getUint32(28) * bytesOfPage)
    const { size } = fstatSync(file)
    // No database at all: opening it says so.
    if (read < headerBytes || bytesOfPage < 512 || size >= expected) return
    throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: `it holds ${size} of its ${expected} bytes` })
  } finally {
    closeSync(file)
  }
}
