import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import canonicalize from 'canonicalize'
import type { BenchmarkOptions, Hash, JsonObject, LatencyMeasurement, RuntimeInfo } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { reasonOf } from '../files/index.js'
import { type Database, openDatabase } from '../storage/index.js'
import { measurementErrors } from './errors.js'

/** What a latency belongs to (design: identity). */
export interface MeasurementKey {
  /** ModelFile.structure */
  readonly structure: Hash
  /** DeviceInfo.fingerprint */
  readonly fingerprint: Hash
  readonly runtime: RuntimeInfo
  /** flagsOf(options): the thread count and the runtime's own flags. */
  readonly flags: JsonObject
}

export type Effort = Pick<BenchmarkOptions, 'processes' | 'runs'>

/** Latencies that are known already. Several processes may read and write it at once. */
export interface MeasurementCache {
  /** The most thorough measurement of at least this effort, or null. */
  get(key: MeasurementKey, atLeast: Effort): LatencyMeasurement | null
  /** Replaces one of the same key and effort. */
  put(key: MeasurementKey, measurement: LatencyMeasurement): void
  close(): void
}

/** 2: measurements by processes. What an older mnas kept is measured again. */
const schemaVersion = 2
const busyTimeoutMs = 10_000
const schema = `
  CREATE TABLE IF NOT EXISTS measurements (
    key TEXT NOT NULL,          -- canonical JSON of the MeasurementKey
    processes INTEGER NOT NULL,
    runs INTEGER NOT NULL,      -- count of the process that ran least
    measurement TEXT NOT NULL,  -- JSON of the LatencyMeasurement
    recorded_at TEXT NOT NULL,  -- ISO 8601
    PRIMARY KEY (key, processes, runs)
  )`

/**
 * Opens (or makes) `<cacheFolder>/measurements.db`.
 * @throws MNAS_FILE_WRITE, MNAS_MEASUREMENT_CACHE
 */
export function openMeasurementCache(cacheFolder: string): MeasurementCache {
  const path = join(cacheFolder, 'measurements.db')
  const guarded = <T>(use: () => T): T => {
    try {
      return use()
    } catch (error) {
      throw measurementErrors.MNAS_MEASUREMENT_CACHE({ path, reason: reasonOf(error) }, error)
    }
  }
  makeFolder(path)
  const database = guarded(() => prepareDatabase(path))
  return {
    get: (key, atLeast) => guarded(() => find(database, key, atLeast)),
    put: (key, measurement) => guarded(() => insert(database, key, measurement)),
    close: () => database.close(),
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (error) {
    throw coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(error) }, error)
  }
}

function prepareDatabase(path: string): Database {
  const database = openDatabase(path, { waitMs: busyTimeoutMs, damage: (reason) => new Error(reason) })
  try {
    // IMMEDIATE, as every transaction is: two processes that make the database at once take turns instead of failing half-way.
    database.transaction(() => {
      const version = Number(database.get('PRAGMA user_version')?.['user_version'])
      if (version > schemaVersion) throw new Error(`a newer mnas wrote it (version ${version}, expected ${schemaVersion})`)
      if (version < schemaVersion) database.exec('DROP TABLE IF EXISTS measurements')
      database.exec(schema)
      if (version < schemaVersion) database.exec(`PRAGMA user_version = ${schemaVersion}`)
    })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function find(database: Database, key: MeasurementKey, atLeast: Effort): LatencyMeasurement | null {
  const row = database.get(
    'SELECT measurement FROM measurements WHERE key = ? AND processes >= ? AND runs >= ? ORDER BY processes * runs DESC LIMIT 1',
    [canonicalKey(key), atLeast.processes, atLeast.runs],
  )
  return row ? (JSON.parse(String(row['measurement'])) as LatencyMeasurement) : null
}

function insert(database: Database, key: MeasurementKey, measurement: LatencyMeasurement): void {
  const { processes } = measurement
  database.run('INSERT OR REPLACE INTO measurements VALUES (?, ?, ?, ?, ?)', [
    canonicalKey(key),
    processes.length,
    Math.min(...processes.map(({ count }) => count)),
    JSON.stringify(measurement),
    new Date().toISOString(),
  ])
}

function canonicalKey({ structure, fingerprint, runtime, flags }: MeasurementKey): string {
  const { name, version, sha256 } = runtime
  return canonicalize({ structure, fingerprint, runtime: { name, version, sha256 }, flags }) ?? ''
}
