import type { StrategyState } from '@mnas/core/contracts'
import type { Database, Row, Value } from '@mnas/core/storage'
import { parseSafetensors } from '@mnas/core/weights'
import type { TrialCounts } from '../answers/parts/trial-counts.js'
import { keyOf } from '../genome-key.js'
import type { LatencyAccuracy } from '../latency/latency-accuracy.js'
import { countedAs } from './counted-trials.js'
import { finalistsOf } from './finalists.js'
import type {
  CompletedTrial,
  FileRecord,
  MeasurementRecord,
  Page,
  RunReader,
  SessionRecord,
  TimedTrial,
  TimedTwice,
  TrialLease,
  TrialRecord,
} from './records.js'
import { boardEntryOf, boardOf, estimatesOf } from './rows/rung-rows.js'
import { parseColumn, pausedOfRow, timedOfRow, trialOfRow } from './rows/trial-rows.js'
import { trialSummaries } from './rows/trial-summaries.js'
import { checkWhole, openRunDatabase } from './run-database.js'
import type { Effort, LatencyModelEvent, RecordedEvent, SearchEvent } from './search-event.js'

const defaultLimit = 1000
/** Lines are short. */
const summaryLimit = 10_000
/** Left to choose, SQLite sorts all that are completed. */
const completedByReward = `INDEXED BY trials_by_reward WHERE status = 'completed'`

/** @throws MNAS_RUN_CORRUPT, MNAS_RUN_VERSION */
export function openReader(folder: string): RunReader {
  return reader(folder, openRunDatabase(folder))
}

export function reader(folder: string, database: Database): RunReader {
  const { path } = database
  const trials = (sql: string, values: readonly Value[] = []): readonly TrialRecord[] =>
    database.all(`SELECT trials.* FROM trials ${sql}`, values).map((row) => trialOfRow(path, row))
  const highest = (where: string, count: number) =>
    trials(`${where} ORDER BY reward DESC, latency_ms, id LIMIT ?`, [count]).filter(isCompleted)
  const number = (sql: string): number => Number(database.get(`SELECT ${sql} AS n`)?.['n'])
  const page = (from: string, { after = 0, limit = defaultLimit }: Page = {}) =>
    database.all(`SELECT * FROM ${from} > ? ORDER BY 1 LIMIT ?`, [after, limit])
  return {
    folder,
    trials: (from) => page('trials WHERE id', from).map((row) => trialOfRow(path, row)),
    trial: (id) => trials('WHERE id = ?', [id])[0] ?? null,
    summaries: (metric, { after = 0, limit = summaryLimit } = {}) => trialSummaries(database, metric, after, limit),
    pending: () => trials('WHERE status IS NULL ORDER BY id'),
    free: (nowMs) =>
      trials(
        `LEFT JOIN leases ON leases.trial = trials.id
         WHERE status IS NULL AND (until_ms IS NULL OR until_ms <= ?) ORDER BY trials.id`,
        [nowMs],
      ),
    lease(trial) {
      const row = database.get(`SELECT leases.* ${leasesOfPending} AND trial = ?`, [trial])
      return row ? leaseOfRow(row) : null
    },
    leases: () => database.all(`SELECT leases.* ${leasesOfPending} ORDER BY trial`).map(leaseOfRow),
    trialOf: (genome) => trials('WHERE genome = ?', [keyOf(genome)])[0] ?? null,
    architecture(trial) {
      const row = database.get('SELECT architecture FROM architectures WHERE trial = ?', [trial])
      return row ? parseColumn(path, row, 'architecture') : null
    },
    timedTrials: ({ after = 0, limit = defaultLimit } = {}) =>
      database
        .all(
          `SELECT id, genome, latency_ms, latency_source, relative_error, size_bytes FROM trials
           WHERE id > ? AND latency_source <> 'estimated' ORDER BY id LIMIT ?`,
          [after, limit],
        )
        .map(timedTrialOfRow),
    latestMeasured: (count) =>
      database
        .all(
          `SELECT id, genome, latency_ms, latency_source, relative_error, size_bytes FROM trials
           WHERE latency_source = 'measured' ORDER BY id DESC LIMIT ?`,
          [count],
        )
        .map(timedTrialOfRow)
        .reverse(),
    latencyAccuracy: () => latestAccuracy(database),
    counts: () => countsOf(database.all('SELECT status, n FROM counts')),
    best: () =>
      ranked([...highest(completedByReward, 1), ...highest(`WHERE status = 'transferred' AND on_front = 1`, 1)])[0] ?? null,
    bestOf: (count) =>
      ranked([...highest(completedByReward, count), ...highest(`WHERE status = 'transferred'`, count)]).slice(0, count),
    estimates: (trial) => estimatesOf(database, trial),
    rungCounts: () =>
      database.all('SELECT count(*) AS n FROM estimates GROUP BY rung ORDER BY rung').map((row) => Number(row['n'])),
    board: () => boardOf(database),
    boardEntry: (trial) => boardEntryOf(database, trial),
    front: () => trials('WHERE on_front = 1 ORDER BY latency_ms, id').filter(isCompleted),
    finalists: () => finalistsOf(database),
    lastFailure: () => trials(`WHERE status IN ('failed', 'lost') ORDER BY id DESC LIMIT 1`)[0]?.outcome ?? null,
    fastestMs() {
      const least = database.get('SELECT min(latency_ms) AS n FROM trials')?.['n'] ?? null
      return least === null ? null : Number(least)
    },
    fruitless: () => number(`(SELECT count(*) FROM trials WHERE status = 'infeasible' AND id > ${lastCounted})`),
    told: (from) => toldOutcomes(database, from),
    toldCount: () => number('(SELECT coalesce(max(position), 0) FROM told)'),
    repeats: (trial) =>
      database
        .all('SELECT proposal FROM repeats WHERE trial = ? ORDER BY proposal', [trial])
        .map((row) => Number(row['proposal'])),
    openRepeats: () =>
      database
        .all(
          `SELECT repeats.* FROM repeats JOIN trials ON trials.id = repeats.trial
           WHERE trials.status IS NOT NULL AND trials.status <> 'paused' ORDER BY proposal`,
        )
        .map((row) => ({ trial: Number(row['trial']), proposal: Number(row['proposal']) })),
    measurement(structure, effort) {
      const row = database.get('SELECT * FROM measurements WHERE structure = ? AND effort = ?', [structure, effort])
      return row ? measurementOfRow(path, row) : null
    },
    measurements: (from) => page('measurements WHERE id', from).map((row) => measurementOfRow(path, row)),
    latestTimedTwice: (count) => latestTimedTwice(database, count),
    file(candidate): FileRecord | null {
      const row = database.get('SELECT * FROM files WHERE candidate = ?', [candidate])
      return row ? { candidate, structure: String(row['structure']), sizeBytes: Number(row['size_bytes']) } : null
    },
    events: (from) =>
      page('events WHERE id', from).map(
        (row): RecordedEvent => ({
          ...parseColumn<SearchEvent>(path, row, 'event'),
          id: Number(row['id']),
          atMs: Number(row['at_ms']),
        }),
      ),
    lastEvent: () => number('(SELECT coalesce(max(id), 0) FROM events)'),
    state: () => stateOf(database),
    session() {
      const row = database.get('SELECT * FROM sessions ORDER BY id DESC LIMIT 1')
      return row ? sessionOfRow(row) : null
    },
    activeMs: () => number('(SELECT coalesce(sum(last_ms - started_ms), 0) FROM sessions)'),
    check: () => checkWhole(database),
    close: () => database.close(),
  }
}

function ranked(trials: readonly CompletedTrial[]): readonly CompletedTrial[] {
  const order = ({ outcome, facts, id }: CompletedTrial) => [-outcome.reward, facts.latency.latencyMs, id] as const
  return trials.toSorted((a, b) => {
    const [first, second] = [order(a), order(b)]
    return first[0] - second[0] || first[1] - second[1] || first[2] - second[2]
  })
}

/** The last trial that counts, each status by its index; 0: none does. */
const lastCounted = `max(${['completed', 'stopped', 'failed', 'lost', 'paused']
  .map((status) => `coalesce((SELECT max(id) FROM trials WHERE status = '${status}'), 0)`)
  .join(', ')})`

/** Behind a rung a lease waits with its trial, for its number alone. */
const leasesOfPending = 'FROM leases LEFT JOIN trials ON trials.id = leases.trial WHERE trials.status IS NULL'

const leaseOfRow = (row: Row): TrialLease => ({
  trial: Number(row['trial']),
  attempt: Number(row['attempt']),
  worker: String(row['worker']),
  untilMs: Number(row['until_ms']),
})

const isCompleted = (trial: TrialRecord): trial is CompletedTrial => trial.outcome?.status === 'completed'

const timedTrialOfRow = (row: Row): TimedTrial => ({
  trial: Number(row['id']),
  genome: String(row['genome']),
  ...timedOfRow(row),
})

function latestTimedTwice(database: Database, count: number): readonly TimedTwice[] {
  const rows = database.all(
    `SELECT quick.measurement ->> '$.latencyMs' AS quick_ms, full.measurement ->> '$.latencyMs' AS full_ms
     FROM measurements AS full JOIN measurements AS quick ON quick.structure = full.structure AND quick.effort = 'quick'
     WHERE full.effort = 'full' ORDER BY full.id DESC LIMIT ?`,
    [count],
  )
  return rows.map((row) => ({ quickMs: Number(row['quick_ms']), fullMs: Number(row['full_ms']) })).reverse()
}

/** Events begin with their kind. */
function latestAccuracy(database: Database): LatencyAccuracy | null {
  const row = database.get(`SELECT event FROM events WHERE event LIKE '{"kind":"latency-model",%' ORDER BY id DESC LIMIT 1`)
  if (!row) return null
  const { networks, meanError, worstError, margin } = parseColumn<LatencyModelEvent>(database.path, row, 'event')
  return { networks, meanError, worstError, margin }
}

function sessionOfRow(row: Row): SessionRecord {
  const bound = (column: string) => (row[column] === null ? null : Number(row[column]))
  return { lastMs: Number(row['last_ms']), closed: row['closed'] === 1, trials: bound('trials'), timeMs: bound('time_ms') }
}

function countsOf(rows: readonly Row[]): TrialCounts {
  const counts: { -readonly [K in keyof TrialCounts]: TrialCounts[K] } = {
    completed: 0,
    stopped: 0,
    failed: 0,
    lost: 0,
    rejected: 0,
    pending: 0,
  }
  for (const row of rows) {
    const name = countedAs(row['status'] as Parameters<typeof countedAs>[0])
    counts[name] = (counts[name] ?? 0) + Number(row['n'])
  }
  return counts
}

function toldOutcomes({ path, all }: Database, { after = 0, limit = defaultLimit }: Page = {}) {
  const rows = all(
    `SELECT trials.*, told.proposal AS told_to, told.rung AS told_rung, estimates.estimate AS told_estimate,
       estimates.objective_values AS told_values
     FROM told JOIN trials ON trials.id = told.trial
     LEFT JOIN estimates ON estimates.trial = told.trial AND estimates.rung = told.rung
     WHERE told.position > ? ORDER BY told.position LIMIT ?`,
    [after, limit],
  )
  return rows.flatMap((row) =>
    row['told_rung'] === null ? (trialOfRow(path, { ...row, proposal: row['told_to'] }).outcome ?? []) : pausedOfRow(path, row),
  )
}

function measurementOfRow(path: string, row: Row): MeasurementRecord {
  const measurement = parseColumn<MeasurementRecord['measurement']>(path, row, 'measurement')
  return { structure: String(row['structure']), effort: String(row['effort']) as Effort, measurement }
}

function stateOf(database: Database): StrategyState | null {
  const row = database.get('SELECT json, tensors FROM state')
  if (!row) return null
  const json = parseColumn<StrategyState['json']>(database.path, row, 'json')
  if (row['tensors'] === null) return { json }
  return {
    json,
    tensors: parseSafetensors(new Uint8Array(row['tensors'] as ArrayBuffer), `the state in ${database.path}`).tensors,
  }
}
