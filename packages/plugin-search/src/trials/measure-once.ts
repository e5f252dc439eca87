import { type Architecture, architectureHash } from '@mnas/core/architecture'
import type { LatencyMeasurement } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import type { Timed } from '../facts/known-facts.js'
import { quickRunError } from '../latency/quick-run-error.js'
import type { Effort } from '../run/search-event.js'
import type { Proposing } from '../start/search.js'
import { reportEvent } from './progress/report-event.js'

/** Quick runs that were followed by a full measurement: the last so many. */
const pairsLookedAt = 40
/** The calibration. */
const firstLookedAt = 9
/** Milliseconds before each further attempt on a device that vanished; a phone that restarts is back within two minutes. */
const retriesAfterMs = [2_000, 10_000, 30_000, 90_000]

/** What timing taught, or why this network cannot be timed. What belongs to no network is thrown: a failure of the run store, another device. */
export type MeasureAttempt =
  | { readonly timed: Timed; readonly failure?: never }
  | { readonly failure: unknown; readonly timed?: never }

/** The measurement that the run has recorded, else a new one, recorded before it is used. @throws MNAS_DEVICES_DIFFERENT, the signal's reason */
export async function tryMeasure(
  search: Proposing,
  architecture: Architecture,
  effort: Effort,
  trial: number | null,
): Promise<MeasureAttempt> {
  const { store } = search
  const candidate = architectureHash(architecture)
  const file = store.file(candidate)
  const known = file && store.measurement(file.structure, effort)
  if (file && known) return { timed: timedBy(search, known.measurement, effort, file.sizeBytes) }
  const attempt = await patiently(search, trial, () => search.measure(architecture, effort))
  if ('failure' in attempt) return attempt
  const { structure, sizeBytes, measurement, device } = attempt.result
  const timed = timedBy(search, measurement, effort, sizeBytes)
  store.transaction(() => {
    store.addFile({ candidate, structure, sizeBytes })
    store.addMeasurement({ structure, effort, measurement })
    const { latencyMs, spread, stable } = measurement
    const which = device === undefined ? {} : { device }
    store.addEvent({ kind: 'measured', trial, candidate, effort, latencyMs, spread, stable, ...which })
    // A quick run is soon done again.
  }, effort === 'full')
  return { timed }
}

/** tryMeasure for networks that the search cannot do without: a failure is thrown. */
export async function measureOnce(search: Proposing, architecture: Architecture, effort: Effort): Promise<Timed> {
  const attempt = await tryMeasure(search, architecture, effort, null)
  if (attempt.timed) return attempt.timed
  throw attempt.failure
}

function timedBy({ store }: Proposing, { latencyMs }: LatencyMeasurement, effort: Effort, sizeBytes: number): Timed {
  if (effort === 'full') return { latency: { latencyMs, source: 'measured', relativeError: 0 }, sizeBytes }
  const first = () =>
    store.measurements({ limit: firstLookedAt }).flatMap((one) => (one.effort === 'full' ? [one.measurement] : []))
  const error = quickRunError(store.latestTimedTwice(pairsLookedAt), first)
  return { latency: { latencyMs, source: 'quick', relativeError: error }, sizeBytes }
}

/** Waits for a device that vanished, a few times. @throws MNAS_DEVICES_DIFFERENT when it comes back as another one, the signal's reason */
async function patiently<T>(
  search: Proposing,
  trial: number | null,
  work: () => Promise<T>,
): Promise<{ readonly result: T } | { readonly failure: unknown }> {
  for (let retry = 0; ; retry++) {
    search.signal.throwIfAborted()
    let failure: unknown
    try {
      return { result: await work() }
    } catch (error) {
      failure = error
    }
    search.signal.throwIfAborted()
    // The latencies of a run are of one device: what another one would say belongs to no network.
    if (isMnasError(failure) && failure.code === 'MNAS_DEVICES_DIFFERENT') throw failure
    const retryAfterMs = retriesAfterMs[retry]
    if (!isMnasError(failure) || failure.code !== 'MNAS_DEVICE_LOST' || retryAfterMs === undefined) return { failure }
    const event = { kind: 'device-lost', trial, message: failure.message, retryAfterMs } as const
    search.store.addEvent(event)
    reportEvent(search, event)
    await search.pause(retryAfterMs)
  }
}
