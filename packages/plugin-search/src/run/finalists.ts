import type { MnasErrorRecord } from '@mnas/core/errors'
import type { Database, Row } from '@mnas/core/storage'
import type { Finalist, SecondTraining } from './records.js'
import { parseColumn } from './rows/trial-rows.js'

/** Who has a place is a finalist; who has lost it keeps what a second training came to. */
export const finalistsTable = `
  CREATE TABLE finalists (trial INTEGER PRIMARY KEY, place INTEGER, estimate TEXT, reward REAL, error TEXT);
`

export function finalistsOf({ path, all }: Database): readonly Finalist[] {
  return all('SELECT * FROM finalists WHERE place IS NOT NULL ORDER BY place').map((row) => ({
    trial: Number(row['trial']),
    place: Number(row['place']),
    again: againOf(path, row),
  }))
}

function againOf(path: string, row: Row): SecondTraining | null {
  if (row['error'] !== null) return { error: parseColumn<MnasErrorRecord>(path, row, 'error') }
  return row['estimate'] === null
    ? null
    : { estimate: parseColumn(path, row, 'estimate'), reward: Number(row['reward']), error: null }
}

/** @param trials in the order of their places */
export function setFinalists(database: Database, trials: readonly number[]): void {
  leaveFinal(database)
  for (const [index, trial] of trials.entries())
    database.run('INSERT INTO finalists (trial, place) VALUES (?, ?) ON CONFLICT DO UPDATE SET place = excluded.place', [
      trial,
      index + 1,
    ])
}

export function setAgain(database: Database, trial: number, again: SecondTraining): void {
  const { error } = again
  const values = error ? [null, null, JSON.stringify(error)] : [JSON.stringify(again.estimate), again.reward, null]
  database.run('UPDATE finalists SET estimate = ?, reward = ?, error = ? WHERE trial = ?', [...values, trial])
}

/** Another network was trained: who the finalists are is open again. */
export function leaveFinal(database: Database): void {
  database.run('UPDATE finalists SET place = NULL WHERE place IS NOT NULL', [])
}
