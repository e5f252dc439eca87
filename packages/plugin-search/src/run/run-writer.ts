import type { Axis, StrategyState } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import type { Database, Lease } from '@mnas/core/storage'
import { serializeSafetensors } from '@mnas/core/weights'
import { keyOf } from '../genome-key.js'
import { weaklyDominates } from '../pareto-front.js'
import { leaveFinal, setAgain, setFinalists } from './finalists.js'
import type { CompletedOutcome, NewTrial, RunReader, RunStore, TrialRecord } from './records.js'
import { removeLeaseFile, removeRunFiles } from './remove-run.js'
import { addEstimate } from './rows/rung-rows.js'
import { factColumns, factValues, outcomeColumns, outcomeValues, parseColumn } from './rows/trial-rows.js'
import { checkWhole, hasLog, openRunDatabase } from './run-database.js'
import { reader } from './run-reader.js'

/**
 * The caller holds the lease. A run whose last writer did not close it (it was killed, or the power failed) is checked page by
 * page first.
 * @param kind a session is time that the run was worked on; a visit writes what is to be written and goes: it leaves no row
 * @throws MNAS_RUN_CORRUPT, MNAS_RUN_VERSION
 */
export function openWriter(folder: string, lease: Lease, kind: 'session' | 'visit' = 'session'): RunStore {
  const database = openRunDatabase(folder)
  try {
    const last = database.get('SELECT id, closed FROM sessions ORDER BY id DESC LIMIT 1')
    if (last && !last['closed']) checkWhole(database)
    const withSync = hasLog(database) ? syncedAtWill : alwaysSynced
    const session = kind === 'visit' && last ? openVisit(database, Number(last['id']), withSync) : openSession(database)
    return writer(reader(folder, database), { database, withSync, session, lease })
  } catch (error) {
    database.close()
    throw error
  }
}

/** A row of `sessions`: closed = 0 while somebody writes. */
interface Session {
  touch(): void
  close(): void
}

function openSession(database: Database): Session {
  const now = Date.now()
  database.run('INSERT INTO sessions (started_ms, last_ms) VALUES (?, ?)', [now, now])
  const id = Number(database.get('SELECT max(id) AS id FROM sessions')?.['id'])
  const mark = (closed: number) =>
    database.run('UPDATE sessions SET last_ms = ?, closed = ? WHERE id = ?', [Date.now(), closed, id])
  return {
    touch: () => mark(0),
    close() {
      mark(1)
      // Into the one file, which somebody may copy.
      database.get('PRAGMA wal_checkpoint(TRUNCATE)')
    },
  }
}

/** In the row of the last session. */
function openVisit(database: Database, id: number, withSync: WithSync): Session {
  const mark = (closed: number) =>
    withSync(database, false, () => database.run('UPDATE sessions SET closed = ? WHERE id = ?', [closed, id]))
  mark(0)
  return { touch: () => undefined, close: () => mark(1) }
}

interface Written {
  readonly database: Database
  readonly withSync: WithSync
  readonly session: Session
  readonly lease: Lease
}

function writer(read: RunReader, { database, withSync, session, lease }: Written): RunStore {
  const setFacts = prepareUpdate(database, factColumns)
  const setOutcome = prepareUpdate(database, [...factColumns, ...outcomeColumns])
  return {
    ...read,
    transaction: (work, sync = true) => withSync(database, sync, () => database.transaction(work)),
    addEvent: (event) =>
      database.transaction(() => {
        database.run('INSERT INTO events (at_ms, event) VALUES (?, ?)', [Date.now(), JSON.stringify(event)])
        session.touch()
      }),
    setBudget: ({ trials, timeMs }) =>
      database.run('UPDATE sessions SET trials = ?, time_ms = ? WHERE id = (SELECT max(id) FROM sessions)', [trials, timeMs]),
    addTrial: (trial) => addTrial(database, trial),
    setArchitecture: (trial, architecture) =>
      database.run('INSERT OR REPLACE INTO architectures VALUES (?, ?)', [trial, JSON.stringify(architecture)]),
    setFacts: (trial, facts) => setFacts(trial, factValues(facts)),
    setLease: ({ trial, attempt, worker, untilMs }) =>
      database.run('INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?)', [trial, attempt, worker, untilMs]),
    endTrial: (outcome, axes) =>
      database.transaction(() => {
        setOutcome(outcome.trial, [...factValues(outcome.facts), ...outcomeValues(outcome)])
        database.run('DELETE FROM leases WHERE trial = ?', [outcome.trial])
        if (outcome.status !== 'completed') return
        if (outcome.rung !== undefined) addEstimate(database, { ...outcome, rung: outcome.rung }, null)
        takePlaceOnFront(database, outcome, axes)
        leaveFinal(database)
      }),
    endTransferred: (outcome, places) =>
      database.transaction(() => {
        const [, ...values] = outcomeValues(outcome)
        setOutcome(outcome.trial, [...factValues(outcome.facts), 'transferred', ...values])
        if (places) takePlaceOnFront(database, outcome, places)
      }),
    pauseTrial: (outcome, weights) =>
      database.transaction(() => {
        addEstimate(database, outcome, weights)
        setOutcome(outcome.trial, [...factValues(outcome.facts), ...outcomeValues(outcome)])
        // The row stays: no two leases of a trial have one number, at whatever rungs they were given.
        database.run('UPDATE leases SET until_ms = 0 WHERE trial = ?', [outcome.trial])
      }),
    promoteTrial: (trial) => database.run('UPDATE trials SET status = NULL WHERE id = ?', [trial]),
    setFinalists: (trials) => database.transaction(() => setFinalists(database, trials)),
    setAgain: (trial, again) => setAgain(database, trial, again),
    addRepeat: (trial, proposal) => database.run('INSERT INTO repeats (trial, proposal) VALUES (?, ?)', [trial, proposal]),
    addTold(trial, proposal, rung = null) {
      database.run('INSERT INTO told (trial, proposal, rung) VALUES (?, ?, ?)', [trial, proposal, rung])
      if (rung === null) database.run('DELETE FROM repeats WHERE proposal = ?', [proposal])
    },
    addMeasurement: ({ structure, effort, measurement }) =>
      database.run('INSERT OR REPLACE INTO measurements (structure, effort, measurement) VALUES (?, ?, ?)', [
        structure,
        effort,
        JSON.stringify(measurement),
      ]),
    addFile: ({ candidate, structure, sizeBytes }) =>
      database.run('INSERT OR REPLACE INTO files VALUES (?, ?, ?)', [candidate, structure, sizeBytes]),
    setState: (state) => database.transaction(() => writeState(database, state)),
    close() {
      session.close()
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

type WithSync = <T>(database: Database, sync: boolean, work: () => T) => T

/**
 * Commits of a WAL database wait for the disk (FULL) or leave that to a later one (NORMAL); either way no kill takes them back.
 */
const syncedAtWill: WithSync = (database, sync, work) => {
  if (sync || database.inTransaction) return work()
  database.exec('PRAGMA synchronous = NORMAL')
  try {
    return work()
  } finally {
    database.exec('PRAGMA synchronous = FULL')
  }
}

/** Without a log NORMAL spares little, and a power cut may damage the file. */
const alwaysSynced: WithSync = (_database, _sync, work) => work()

function prepareUpdate(database: Database, columns: readonly string[]) {
  const sql = `UPDATE trials SET ${columns.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`
  return (trial: number, values: ReturnType<typeof factValues>) => database.run(sql, [...values, trial])
}

function addTrial(database: Database, trial: NewTrial): TrialRecord {
  const id = Number(database.get('SELECT coalesce(max(id), 0) + 1 AS id FROM trials')?.['id'])
  const { proposal, candidate, genome, facts } = trial
  const marks = Array.from({ length: 4 + factColumns.length }, () => '?').join(', ')
  database.run(`INSERT INTO trials (id, proposal, candidate, genome, ${factColumns.join(', ')}) VALUES (${marks})`, [
    id,
    proposal,
    candidate,
    keyOf(genome),
    ...factValues(facts),
  ])
  return { id, ...trial, outcome: null }
}

/** The front so far and the newcomer: it joins unless one is as good on every axis, and those that it beats leave. */
function takePlaceOnFront(database: Database, { trial, values }: CompletedOutcome, axes: readonly Axis[]): void {
  const front = database
    .all('SELECT id, objective_values FROM trials WHERE on_front = 1')
    .map((row) => ({ id: Number(row['id']), values: parseColumn<readonly number[]>(database.path, row, 'objective_values') }))
  if (front.some((other) => weaklyDominates(axes, other.values, values))) return
  for (const { id, values: beaten } of front)
    if (weaklyDominates(axes, values, beaten)) database.run('UPDATE trials SET on_front = 0 WHERE id = ?', [id])
  database.run('UPDATE trials SET on_front = 1 WHERE id = ?', [trial])
}

/** Compared with what stands there rather than with what was written last: a transaction may have been taken back. */
function writeState(database: Database, { json, tensors }: StrategyState): void {
  const text = JSON.stringify(json)
  const bytes = tensors ? serializeSafetensors(tensors) : null
  const hash = bytes ? hashBytes(bytes) : null
  const now = database.get('SELECT json, tensors_hash FROM state')
  if (now?.['json'] === text && now['tensors_hash'] === hash) return
  database.run('INSERT OR IGNORE INTO state (id, json) VALUES (1, ?)', [text])
  if (now?.['tensors_hash'] === hash) database.run('UPDATE state SET json = ?', [text])
  else database.run('UPDATE state SET json = ?, tensors = ?, tensors_hash = ?', [text, bytes && Buffer.from(bytes), hash])
}
