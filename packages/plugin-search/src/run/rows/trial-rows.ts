import type { Estimate, Facts, Latency, TrialOutcome } from '@mnas/core/contracts'
import type { Row, Value } from '@mnas/core/storage'
import { searchErrors } from '../../errors.js'
import { genomeOfKey } from '../../genome-key.js'
import type { PausedOutcome, TrialRecord, TrialStatus } from '../records.js'

/** How a trial lies in a row of the table `trials`. */
export const factColumns = [
  'latency_ms',
  'latency_source',
  'relative_error',
  'parameters',
  'macs',
  'peak_memory_bytes',
  'size_bytes',
] as const
export const outcomeColumns = ['status', 'reward', 'objective_values', 'estimate', 'error', 'rung'] as const

export function factValues({ latency, costs, sizeBytes }: Facts): readonly Value[] {
  const { latencyMs, source, relativeError } = latency
  return [latencyMs, source, relativeError, costs.parameters, costs.macs, costs.peakMemoryBytes, sizeBytes]
}

export function outcomeValues(outcome: TrialOutcome): readonly Value[] {
  const { status } = outcome
  switch (status) {
    case 'completed':
      return [
        status,
        outcome.reward,
        JSON.stringify(outcome.values),
        JSON.stringify(outcome.estimate),
        null,
        outcome.rung ?? null,
      ]
    case 'paused':
      return [status, null, JSON.stringify(outcome.values), JSON.stringify(outcome.estimate), null, outcome.rung]
    case 'stopped':
      return [status, null, null, JSON.stringify(outcome.estimate), null, outcome.rung ?? null]
    case 'failed':
    case 'lost':
      return [status, null, null, null, JSON.stringify(outcome.error), null]
    case 'infeasible':
      return [status, null, null, null, null, null]
    default:
      return outcome satisfies never
  }
}

export function trialOfRow(path: string, row: Row): TrialRecord {
  const proposal = row['proposal'] === null ? null : Number(row['proposal'])
  const genome = genomeOfKey(String(row['genome']))
  const facts = factsOfRow(row)
  const outcome = outcomeOfRow(path, row, { trial: Number(row['id']), proposal, genome, facts })
  return { id: Number(row['id']), proposal, candidate: String(row['candidate']), genome, facts, outcome }
}

export function factsOfRow(row: Row): Facts {
  return {
    ...timedOfRow(row),
    costs: {
      parameters: Number(row['parameters']),
      macs: Number(row['macs']),
      peakMemoryBytes: Number(row['peak_memory_bytes']),
    },
  }
}

export function timedOfRow(row: Row): Pick<Facts, 'latency' | 'sizeBytes'> {
  return {
    latency: {
      latencyMs: Number(row['latency_ms']),
      source: String(row['latency_source']) as Latency['source'],
      relativeError: Number(row['relative_error']),
    },
    sizeBytes: row['size_bytes'] === null ? null : Number(row['size_bytes']),
  }
}

type Told = Pick<TrialOutcome, 'trial' | 'proposal' | 'genome' | 'facts'>

function outcomeOfRow(path: string, row: Row, told: Told): TrialOutcome | null {
  if (row['status'] === null || row['status'] === 'paused') return null
  const status = String(row['status']) as Exclude<TrialStatus, 'paused'>
  switch (status) {
    case 'completed':
    case 'transferred': {
      const values = parseColumn<readonly number[]>(path, row, 'objective_values')
      const known = { estimate: parseColumn<Estimate>(path, row, 'estimate'), values, reward: Number(row['reward']) }
      return { ...told, status: 'completed', ...rungOfRow(row), ...known }
    }
    case 'stopped':
      return { ...told, status, ...rungOfRow(row), estimate: parseColumn(path, row, 'estimate') }
    case 'failed':
    case 'lost':
      return { ...told, status, error: parseColumn(path, row, 'error') }
    case 'infeasible':
      return { ...told, status }
    default:
      throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: `trial ${told.trial} ended as "${status satisfies never}"` })
  }
}

/**
 * Of a trial that was told of at some rung. @param row of the trial, with `told_to`, `told_rung`, `told_estimate` and `told_values`
 */
export function pausedOfRow(path: string, row: Row): PausedOutcome {
  const { id: trial, genome, facts } = trialOfRow(path, { ...row, status: null })
  const proposal = row['told_to'] === null ? null : Number(row['told_to'])
  const estimate = parseColumn<Estimate>(path, row, 'told_estimate')
  const values = parseColumn<readonly number[]>(path, row, 'told_values')
  return { trial, proposal, genome, facts, status: 'paused', rung: Number(row['told_rung']), estimate, values }
}

const rungOfRow = (row: Row): { readonly rung?: number } => (row['rung'] === null ? {} : { rung: Number(row['rung']) })

/** Rows are written by this room alone, inside transactions: what does not parse was damaged. @throws MNAS_RUN_CORRUPT */
export function parseColumn<T>(path: string, row: Row, column: string): T {
  try {
    return JSON.parse(String(row[column])) as T
  } catch (error) {
    throw searchErrors.MNAS_RUN_CORRUPT({ path, reason: `column ${column}: ${(error as Error).message}` }, error)
  }
}
