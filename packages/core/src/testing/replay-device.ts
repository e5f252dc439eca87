import { readFile } from 'node:fs/promises'
import type {
  BenchmarkOptions,
  Device,
  DeviceContext,
  DeviceDriver,
  DeviceInfo,
  LatencyMeasurement,
  ModelFile,
  RuntimeInfo,
} from '../contracts/index.js'
import { hashJson, reasonOf } from '../files/index.js'
import { measureInProcesses } from '../measurement/index.js'
import { testingErrors } from './errors.js'

/** A recorded table: structure hash → milliseconds. */
export interface ReplayTable {
  readonly version: 1
  readonly latencyMs: Readonly<Record<string, number>>
}

/**
 * The latency of a structure that no table holds: a pure function of the file, the same on every machine.
 *
 *   0.2 ms + 4 ms per MB, times a factor from 0.9 to 1.1 that the structure's hash decides
 *
 * so that smaller models are faster, as they mostly are, and no two candidates tie.
 */
export function replayLatencyMs(file: Pick<ModelFile, 'sizeBytes' | 'structure'>): number {
  const fraction = Number.parseInt(hashJson(file.structure).slice(0, 8), 16) / 2 ** 32
  return (0.2 + (4 * file.sizeBytes) / 1e6) * (0.9 + 0.2 * fraction)
}

class ReplayDevice implements Device {
  readonly #table: ReplayTable
  readonly #runtime: RuntimeInfo
  readonly #signal: AbortSignal

  constructor(table: ReplayTable, { signal }: DeviceContext) {
    this.#signal = signal
    this.#table = table
    this.#runtime = { name: 'replay', version: '1', sha256: hashJson(table) }
  }

  async describe(): Promise<DeviceInfo> {
    return {
      name: 'replay',
      kind: 'host',
      emulated: true,
      formats: ['tflite'],
      runtime: this.#runtime,
      fingerprint: this.#fingerprint(),
      details: { recorded: Object.keys(this.#table.latencyMs).length },
    }
  }

  async benchmark(file: ModelFile, options: BenchmarkOptions): Promise<LatencyMeasurement> {
    const factor = Number(options.flags['factor'] ?? 1)
    if (!(factor > 0)) throw testingErrors.MNAS_REPLAY_FACTOR({ received: String(options.flags['factor']) })
    const latencyMs = factor * (this.#table.latencyMs[file.structure] ?? replayLatencyMs(file))
    const timed = {
      runtime: this.#runtime,
      fingerprint: this.#fingerprint(),
      state: async () => ({}),
      signal: this.#signal,
    }
    return measureInProcesses(options, timed, async () => Array<number>(options.runs).fill(latencyMs))
  }

  async close(): Promise<void> {}

  #fingerprint(): string {
    return hashJson({ device: 'replay', table: this.#runtime.sha256 })
  }
}

/**
 * A device that never runs anything: `--device replay:table.json` answers from a recorded table, `--device replay` (and what the table
 * lacks) from replayLatencyMs, `--option factor=2` both twice as slow. For repeatable searches and tests; always marked emulated.
 */
export const replayDevice: DeviceDriver = {
  name: 'replay',
  options: [],
  flags: [{ name: 'factor', summary: 'what every time is multiplied by', kind: 'number' }],
  async list(_context: DeviceContext) {
    return [{ selector: '', state: 'ready (emulated)', description: 'answers from a table of latencies', emulated: true }]
  },
  /** @throws MNAS_REPLAY_TABLE */
  async open({ selector }, context) {
    return new ReplayDevice(selector ? await readTable(selector) : { version: 1, latencyMs: {} }, context)
  },
}

async function readTable(path: string): Promise<ReplayTable> {
  let table: unknown
  try {
    table = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw testingErrors.MNAS_REPLAY_TABLE({ path, reason: reasonOf(error) }, error)
  }
  if (!isTable(table)) throw testingErrors.MNAS_REPLAY_TABLE({ path, reason: 'its content is not such a table' })
  return table
}

function isTable(value: unknown): value is ReplayTable {
  if (typeof value !== 'object' || value === null) return false
  const { version, latencyMs } = value as { version?: unknown; latencyMs?: unknown }
  if (version !== 1 || typeof latencyMs !== 'object' || latencyMs === null || Array.isArray(latencyMs)) return false
  return Object.values(latencyMs).every((milliseconds) => typeof milliseconds === 'number' && milliseconds > 0)
}

export default replayDevice
