import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { isMnasError } from '@mnas/core/errors'
import { type Database, openDatabase } from '@mnas/core/storage'
import { searchErrors } from '../errors.js'
import { finalistsTable } from './finalists.js'
import { estimatesTable } from './rows/rung-rows.js'

/** Of this file's tables. A run of another version is refused by name: migrations begin with the first release. */
const schemaVersion = 4
/** Readers and the writer wait for each other's short transactions. */
const waitMs = 10_000

/**
 * What is asked for once a trial has an index: an architecture by its genome, the best, the front. How many ended how is counted
 * as it happens. `status` NULL = not ended. Architectures are long and read only to be shown: they lie apart. A lease is a trial
 * that somebody else trains; it goes with the trial's end, and is over while it waits behind a rung. `rung` is that of the last
 * training, NULL where there is one alone; of what was told that of a paused outcome, NULL of how the trial ended.
 */
const schema = `
  CREATE TABLE trials (
    id INTEGER PRIMARY KEY, proposal INTEGER, candidate TEXT NOT NULL, genome TEXT NOT NULL, status TEXT,
    latency_ms REAL NOT NULL, latency_source TEXT NOT NULL, relative_error REAL NOT NULL,
    parameters INTEGER NOT NULL, macs INTEGER NOT NULL, peak_memory_bytes INTEGER NOT NULL, size_bytes INTEGER,
    reward REAL, objective_values TEXT, estimate TEXT, error TEXT, rung INTEGER, on_front INTEGER NOT NULL DEFAULT 0
  );
  CREATE UNIQUE INDEX trials_by_genome ON trials (genome);
  CREATE INDEX trials_by_status ON trials (status);
  CREATE INDEX trials_by_reward ON trials (reward DESC, latency_ms, id) WHERE status = 'completed';
  CREATE INDEX trials_on_front ON trials (latency_ms) WHERE on_front = 1;
  CREATE TABLE architectures (trial INTEGER PRIMARY KEY, architecture TEXT NOT NULL);
  CREATE TABLE told (position INTEGER PRIMARY KEY, trial INTEGER NOT NULL, proposal INTEGER, rung INTEGER);
  CREATE TABLE repeats (proposal INTEGER PRIMARY KEY, trial INTEGER NOT NULL);
  CREATE TABLE files (candidate TEXT PRIMARY KEY, structure TEXT NOT NULL, size_bytes INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE measurements (id INTEGER PRIMARY KEY, structure TEXT NOT NULL, effort TEXT NOT NULL, measurement TEXT NOT NULL);
  CREATE UNIQUE INDEX measurements_by_structure ON measurements (structure, effort);
  CREATE TABLE events (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, event TEXT NOT NULL);
  CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL, tensors BLOB, tensors_hash TEXT);
  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY, started_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0,
    trials INTEGER, time_ms INTEGER
  );
  CREATE TABLE counts (status TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TRIGGER trial_asked AFTER INSERT ON trials BEGIN
    INSERT INTO counts VALUES ('pending', 1) ON CONFLICT DO UPDATE SET n = n + 1;
  END;
  CREATE TRIGGER trial_ended AFTER UPDATE OF status ON trials WHEN old.status IS NOT new.status BEGIN
    UPDATE counts SET n = n - 1 WHERE status = coalesce(old.status, 'pending');
    INSERT INTO counts VALUES (coalesce(new.status, 'pending'), 1) ON CONFLICT DO UPDATE SET n = n + 1;
  END;
  CREATE TABLE leases (
    trial INTEGER PRIMARY KEY, attempt INTEGER NOT NULL, worker TEXT NOT NULL, until_ms INTEGER NOT NULL
  );
  ${finalistsTable}
  ${estimatesTable}
  PRAGMA user_version = ${schemaVersion};
`
/**
 * A trial changes a row here and there (indexes by hash touch a page of their own each), and a changed row is written as its whole
 * page, into the log and later into the file: pages of 1 KiB take 2.5 times fewer bytes a trial than SQLite's 4 KiB, and reading a
 * run of 100,000 trials takes about as long. Runs of another size stay readable, since the file says its own.
 */
const pageBytes = 1024
const tables = [
  'trials',
  'architectures',
  'told',
  'repeats',
  'measurements',
  'events',
  'state',
  'sessions',
  'leases',
  'finalists',
]

const databasePath = (folder: string): string => join(folder, 'run.db')

/**
 * Which computers open a run, perhaps at once. With a write-ahead log readers and the writer never wait for each other, but they
 * share memory (run.db-shm), which is one computer's: several need a journal that is rolled back, and then wait for each other.
 */
export type RunUsers = 'one-computer' | 'several-computers'

/** Makes the empty database of a new run. What its journal is stands in the file. */
export function createRunDatabase(folder: string, users: RunUsers): void {
  const database = connect(databasePath(folder))
  try {
    database.exec(`PRAGMA page_size = ${pageBytes}`)
    if (users === 'one-computer') database.exec('PRAGMA journal_mode = WAL')
    database.transaction(() => database.exec(schema))
  } finally {
    database.close()
  }
}

const connect = (path: string): Database =>
  openDatabase(path, { waitMs, damage: (reason, cause) => searchErrors.MNAS_RUN_CORRUPT({ path, reason }, cause) })

/**
 * Opens a run's database after a look that costs the same for every run: its length (SQLite looks), its version, the end of every
 * table. What else is damaged shows when it is read; `checkWhole` reads all of it.
 * @throws MNAS_RUN_CORRUPT, MNAS_RUN_VERSION
 */
export function openRunDatabase(folder: string): Database {
  const path = databasePath(folder)
  if (!existsSync(path)) throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: 'the file is missing' })
  const database = connect(path)
  try {
    const received = Number(database.get('PRAGMA user_version')?.['user_version'])
    if (received === 0) throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: 'it is not the database of a run' })
    if (received !== schemaVersion) throw searchErrors.MNAS_RUN_VERSION({ folder, expected: schemaVersion, received })
    for (const table of tables) database.get(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`)
    return database
  } catch (error) {
    database.close()
    const reason = isMnasError(error) && error.code === 'MNAS_RUN_CORRUPT' ? cutShort(path) : null
    throw reason === null ? error : searchErrors.MNAS_RUN_CORRUPT({ path, reason }, error)
  }
}

/** Whether it has a write-ahead log. */
export const hasLog = (database: Database): boolean => database.get('PRAGMA journal_mode')?.['journal_mode'] === 'wal'

/** SQLite's check of every page. Some ten microseconds a trial. @throws MNAS_RUN_CORRUPT */
export function checkWhole(database: Database): void {
  const found = String(database.get('PRAGMA quick_check(1)')?.['quick_check'])
  if (found !== 'ok') throw searchErrors.MNAS_RUN_CORRUPT({ path: database.path, reason: found })
}

const headerBytes = 100

/**
 * What a damaged file lacks by its own header, which counts its pages (SQLite's file format, 1.3); null: nothing. Only of a file
 * that nobody of this process has open to any purpose: closing it here frees what this process has locked of it.
 */
function cutShort(path: string): string | null {
  const file = openSync(path, 'r')
  try {
    const header = new DataView(new ArrayBuffer(headerBytes))
    const read = readSync(file, header, 0, headerBytes, 0)
    const bytesOfPage = header.getUint16(16) === 1 ? 65_536 : header.getUint16(16)
    const expected = Math.max(headerBytes, header.getUint32(28) * bytesOfPage)
    const { size } = fstatSync(file)
    if (read < headerBytes || bytesOfPage < 512 || size >= expected) return null
    return `it holds ${size} of its ${expected} bytes`
  } finally {
    closeSync(file)
  }
}
