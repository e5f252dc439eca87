import { type Architecture, architectureHash } from '@mnas/core/architecture'
import type { LatencyMeasurement } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import type { Effort } from '../run/records.js'
import type { SearchParts } from '../start/search-parts.js'

/** Milliseconds before each further attempt on a device that vanished; a phone that restarts is back within two minutes. */
const retriesAfterMs = [2_000, 10_000, 30_000, 90_000]

/** A measurement, or why this network cannot be timed. A failure of the run store is thrown: it belongs to no network. */
export type MeasureAttempt =
  | { readonly measurement: LatencyMeasurement; readonly failure?: never }
  | { readonly failure: unknown; readonly measurement?: never }

/** The measurement that the run has recorded, else a new one, recorded before it is used. @throws the signal's reason */
export async function tryMeasure(
  parts: SearchParts,
  architecture: Architecture,
  effort: Effort,
  trial?: number,
): Promise<MeasureAttempt> {
  const candidate = architectureHash(architecture)
  const known = parts.store.measurement(candidate, effort)
  if (known) return { measurement: known.measurement }
  const attempt = await patiently(parts, () => parts.measure(architecture, effort))
  if ('failure' in attempt) return attempt
  const { structure, measurement } = attempt.result
  parts.store.transaction(() => {
    parts.store.addMeasurement({ candidate, effort, structure, measurement })
    const { latencyMs, spread, stable } = measurement
    parts.store.addEvent('measured', { candidate, effort, latencyMs, spread, stable }, trial)
  })
  return { measurement }
}

/** tryMeasure for networks that the search cannot do without: a failure is thrown. */
export async function measureOnce(parts: SearchParts, architecture: Architecture, effort: Effort): Promise<LatencyMeasurement> {
  const attempt = await tryMeasure(parts, architecture, effort)
  if (attempt.measurement) return attempt.measurement
  throw attempt.failure
}

/** Waits for a device that vanished, a few times. */
async function patiently<T>(
  parts: SearchParts,
  work: () => Promise<T>,
): Promise<{ readonly result: T } | { readonly failure: unknown }> {
  for (let retry = 0; ; retry++) {
    parts.signal.throwIfAborted()
    let failure: unknown
    try {
      return { result: await work() }
    } catch (error) {
      failure = error
    }
    parts.signal.throwIfAborted()
    const waitMs = retriesAfterMs[retry]
    if (!isMnasError(failure) || failure.code !== 'MNAS_DEVICE_LOST' || waitMs === undefined) return { failure }
    parts.reporter.warn(`${failure.message} Trying again in ${waitMs / 1000} s.`)
    parts.store.addEvent('device-lost', { message: failure.message })
    await parts.pause(waitMs)
  }
}
