import { createHash } from 'node:crypto'
import type { ProcessTiming } from '@mnas/core/contracts'
import { timingOf } from '@mnas/core/measurement'

/** What one run of the driver found; `about` says whose fault an error is. */
export type DriverAnswer =
  | { readonly kind: 'timing'; readonly timing: ProcessTiming }
  | { readonly kind: 'outputs'; readonly outputs: Readonly<Record<string, Uint8Array>> }
  | { readonly kind: 'error'; readonly about: 'arguments' | 'library' | 'model'; readonly message: string }

/**
 * The one line of the driver's output that the line behind it vouches for by its sha256; null when there is none, or several, or when it holds
 * anything but an answer. Other programs may speak before and after it, but not within.
 */
export function parseDriverAnswer(output: string): DriverAnswer | null {
  const lines = output.split(/\r?\n/)
  const vouched = lines.filter((line, at) => line !== '' && lines[at + 1] === `{"sha256": "${sha256Of(line)}"}`)
  const [only, ...others] = vouched
  return only === undefined || others.length > 0 ? null : answerOf(parsed(only))
}

const sha256Of = (line: string) => createHash('sha256').update(line).digest('hex')

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : {}
  } catch {
    // A line that vouches for itself and is no JSON is not the driver's.
    return {}
  }
}

function answerOf({ timesMs, outputs, error, ...rest }: Readonly<Record<string, unknown>>): DriverAnswer | null {
  if (timesMs !== undefined) return timingAnswer(timesMs, rest)
  if (outputs !== undefined) return outputsAnswer(outputs)
  return errorAnswer(error)
}

function timingAnswer(timesMs: unknown, { initMs, firstMs, peakBytes }: Readonly<Record<string, unknown>>): DriverAnswer | null {
  if (!Array.isArray(timesMs) || timesMs.length === 0 || !timesMs.every(isPositive)) return null
  const besides = Object.entries({ initMs, firstMs, peakBytes }).filter(([, value]) => isPositive(value))
  return { kind: 'timing', timing: { ...timingOf(timesMs), ...Object.fromEntries(besides) } }
}

function outputsAnswer(outputs: unknown): DriverAnswer | null {
  if (!Array.isArray(outputs)) return null
  const named: Record<string, Uint8Array> = {}
  for (const output of outputs as readonly unknown[]) {
    const { name, base64 } = isObject(output) ? output : {}
    if (typeof name !== 'string' || typeof base64 !== 'string') return null
    named[name] = Buffer.from(base64, 'base64')
  }
  return { kind: 'outputs', outputs: named }
}

const faults = ['arguments', 'library', 'model'] as const

function errorAnswer(error: unknown): DriverAnswer | null {
  const { about, message } = isObject(error) ? error : {}
  const fault = faults.find((each) => each === about)
  return fault && typeof message === 'string' ? { kind: 'error', about: fault, message } : null
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
const isPositive = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0
