import type { BoardEntry, Estimate } from '@mnas/core/contracts'
import type { Database, Row } from '@mnas/core/storage'
import type { PausedOutcome, RungEstimate } from '../records.js'
import { factsOfRow, parseColumn } from './trial-rows.js'

/** What each training of a trial said. `weights`: the blob that the next rung begins with. */
export const estimatesTable = `
  CREATE TABLE estimates (
    trial INTEGER NOT NULL, rung INTEGER NOT NULL, estimate TEXT NOT NULL, objective_values TEXT NOT NULL, weights TEXT,
    PRIMARY KEY (trial, rung)
  ) WITHOUT ROWID;
`

export function addEstimate(
  database: Database,
  { trial, rung, estimate, values }: Pick<PausedOutcome, 'trial' | 'rung' | 'estimate' | 'values'>,
  weights: string | null,
): void {
  const row = [trial, rung, JSON.stringify(estimate), JSON.stringify(values), weights]
  database.run('INSERT INTO estimates (trial, rung, estimate, objective_values, weights) VALUES (?, ?, ?, ?, ?)', row)
}

export function estimatesOf({ path, all }: Database, trial: number): readonly RungEstimate[] {
  return all('SELECT * FROM estimates WHERE trial = ? ORDER BY rung', [trial]).map((row) => ({
    rung: Number(row['rung']),
    estimate: parseColumn<Estimate>(path, row, 'estimate'),
    values: parseColumn<readonly number[]>(path, row, 'objective_values'),
    weights: row['weights'] === null ? null : String(row['weights']),
  }))
}

/** Trials that run, or have trained at some rung, however they ended: also one that failed at a higher rung is counted at the lower. */
const onBoard = '(status IS NULL OR id IN (SELECT trial FROM estimates))'

export function boardOf(database: Database): readonly BoardEntry[] {
  const estimates = new Map<number, Estimate[]>()
  for (const row of database.all('SELECT trial, estimate FROM estimates ORDER BY trial, rung')) {
    const trial = Number(row['trial'])
    const known = estimates.get(trial) ?? []
    known.push(parseColumn<Estimate>(database.path, row, 'estimate'))
    estimates.set(trial, known)
  }
  return database
    .all(`SELECT * FROM trials WHERE ${onBoard} ORDER BY id`)
    .map((row) => entryOfRow(row, estimates.get(Number(row['id'])) ?? []))
}

export function boardEntryOf(database: Database, trial: number): BoardEntry | null {
  const row = database.get(`SELECT * FROM trials WHERE id = ? AND ${onBoard}`, [trial])
  if (!row) return null
  return entryOfRow(
    row,
    estimatesOf(database, trial).map(({ estimate }) => estimate),
  )
}

function entryOfRow(row: Row, estimates: readonly Estimate[]): BoardEntry {
  const { status } = row
  const state = status === null ? 'running' : status === 'paused' ? 'paused' : 'ended'
  return { trial: Number(row['id']), facts: factsOfRow(row), estimates, state }
}
