import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Json, JsonObject } from '@mnas/core/contracts'
import { type Database, openDatabase, type Row } from '@mnas/core/storage'
import { searchErrors } from '../errors.js'
import type { Effort, MeasurementRecord, RunEvent, RunReader, RunStore, TrialRecord } from './records.js'
import { removeLeaseFile, removeRunFiles } from './remove-run.js'

const schemaVersion = 1
/** Readers and the writer wait for each other's short transactions. */
const waitMs = 10_000

const tables = `
  CREATE TABLE trials (
    id INTEGER PRIMARY KEY, proposal INTEGER NOT NULL, candidate TEXT NOT NULL,
    genome TEXT NOT NULL, architecture TEXT NOT NULL, outcome TEXT
  );
  CREATE INDEX trials_by_candidate ON trials (candidate);
  CREATE TABLE measurements (candidate TEXT NOT NULL, effort TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (candidate, effort));
  CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT NOT NULL, trial INTEGER, kind TEXT NOT NULL, data TEXT NOT NULL);
  CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE sessions (id INTEGER PRIMARY KEY, started_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL);
  PRAGMA user_version = ${schemaVersion};
`

export const databasePath = (folder: string): string => join(folder, 'run.db')

const open = (path: string): Database =>
  openDatabase(path, { waitMs, damage: (reason, cause) => searchErrors.MNAS_RUN_CORRUPT({ path, reason }, cause) })

/** Makes the empty database of a new run. */
export async function createRunDatabase(folder: string): Promise<void> {
  const database = open(databasePath(folder))
  try {
    database.exec('PRAGMA journal_mode = WAL')
    database.transaction(() => database.exec(tables))
  } finally {
    database.close()
  }
}

/** @throws MNAS_RUN_CORRUPT, MNAS_RUN_VERSION */
export async function openReader(folder: string): Promise<RunReader> {
  return reader(folder, await openChecked(folder))
}

/** The caller holds the lease. */
export async function openWriter(folder: string, lease: { release(): void }): Promise<RunStore> {
  const database = await openChecked(folder)
  const now = Date.now()
  database.run('INSERT INTO sessions (started_ms, last_ms) VALUES (?, ?)', [now, now])
  const session = Number(database.get('SELECT max(id) AS id FROM sessions')?.['id'])
  return writer(reader(folder, database), database, session, lease)
}

async function openChecked(folder: string): Promise<Database> {
  const path = databasePath(folder)
  if (!existsSync(path)) throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: 'the file is missing' })
  const database = open(path)
  try {
    const received = Number(database.get('PRAGMA user_version')?.['user_version'])
    if (received > schemaVersion) throw searchErrors.MNAS_RUN_VERSION({ folder, expected: schemaVersion, received })
    if (received !== schemaVersion) throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: 'it is not the database of a run' })
    const check = String(database.get('PRAGMA quick_check(1)')?.['quick_check'])
    if (check !== 'ok') throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: check })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function reader(folder: string, database: Database): RunReader {
  const parse = <T>(row: Row, column: string): T => parseColumn<T>(database.path, row, column)
  const trialOf = (row: Row): TrialRecord => ({
    id: Number(row['id']),
    proposal: Number(row['proposal']),
    candidate: String(row['candidate']),
    genome: parse(row, 'genome'),
    architecture: parse(row, 'architecture'),
    outcome: row['outcome'] === null ? null : parse(row, 'outcome'),
  })
  return {
    folder,
    trials: () => database.all('SELECT * FROM trials ORDER BY id').map(trialOf),
    trialOf(candidate) {
      const row = database.get('SELECT * FROM trials WHERE candidate = ? AND outcome IS NOT NULL ORDER BY id LIMIT 1', [
        candidate,
      ])
      return row ? trialOf(row) : null
    },
    measurement(candidate: string, effort: Effort) {
      const row = database.get('SELECT record FROM measurements WHERE candidate = ? AND effort = ?', [candidate, effort])
      return row ? parse<MeasurementRecord>(row, 'record') : null
    },
    measurements: () =>
      database.all('SELECT record FROM measurements ORDER BY rowid').map((row) => parse<MeasurementRecord>(row, 'record')),
    events: () =>
      database.all('SELECT * FROM events ORDER BY id').map(
        (row): RunEvent => ({
          id: Number(row['id']),
          at: String(row['at']),
          trial: row['trial'] === null ? null : Number(row['trial']),
          kind: String(row['kind']),
          data: parse(row, 'data'),
        }),
      ),
    state(name) {
      const row = database.get('SELECT value FROM state WHERE name = ?', [name])
      return row ? parse<Json>(row, 'value') : null
    },
    activeMs: () => Number(database.get('SELECT coalesce(sum(last_ms - started_ms), 0) AS ms FROM sessions')?.['ms']),
    close: () => database.close(),
  }
}

function writer(read: RunReader, database: Database, session: number, lease: { release(): void }): RunStore {
  const touch = () => database.run('UPDATE sessions SET last_ms = ? WHERE id = ?', [Date.now(), session])
  const addEvent = (kind: string, data: JsonObject = {}, trial?: number) =>
    database.transaction(() => {
      database.run('INSERT INTO events (at, trial, kind, data) VALUES (?, ?, ?, ?)', [
        new Date().toISOString(),
        trial ?? null,
        kind,
        JSON.stringify(data),
      ])
      touch()
    })
  return {
    ...read,
    transaction: (work) => database.transaction(work),
    addEvent,
    addTrial({ proposal, candidate, genome, architecture }) {
      const id = Number(database.get('SELECT coalesce(max(id), 0) + 1 AS id FROM trials')?.['id'])
      database.run('INSERT INTO trials (id, proposal, candidate, genome, architecture) VALUES (?, ?, ?, ?, ?)', [
        id,
        proposal,
        candidate,
        JSON.stringify(genome),
        JSON.stringify(architecture),
      ])
      return { id, proposal, candidate, genome, architecture, outcome: null }
    },
    endTrial: (id, outcome) => database.run('UPDATE trials SET outcome = ? WHERE id = ?', [JSON.stringify(outcome), id]),
    addMeasurement: (record) =>
      database.run('INSERT OR REPLACE INTO measurements (candidate, effort, record) VALUES (?, ?, ?)', [
        record.candidate,
        record.effort,
        JSON.stringify(record),
      ]),
    setState: (name, value) =>
      database.run('INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)', [name, JSON.stringify(value)]),
    close() {
      touch()
      database.close()
      lease.release()
    },
    async discard() {
      database.close()
      await removeRunFiles(read.folder)
      lease.release()
      await removeLeaseFile(read.folder)
    },
  }
}

/** Rows are written by this file alone, inside transactions: what does not parse was damaged. */
function parseColumn<T>(path: string, row: Row, column: string): T {
  try {
    return JSON.parse(String(row[column])) as T
  } catch (error) {
    throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: `column ${column}: ${(error as Error).message}` }, error)
  }
}
