import { type Architecture, architectureHash } from '@mnas/core/architecture'
import type { LatencyMeasurement } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import type { Effort } from '@mnas/core/runs'
import type { SearchParts } from './search-parts.js'

/** Milliseconds before each further attempt on a device that vanished; a phone that restarts is back within two minutes. */
const retriesAfterMs = [2_000, 10_000, 30_000, 90_000]

/** The latency that the run has recorded, else a new measurement, recorded before it is used. */
export async function measureOnce(
  parts: SearchParts,
  architecture: Architecture,
  effort: Effort,
  trial?: number,
): Promise<LatencyMeasurement> {
  const candidate = architectureHash(architecture)
  const known = parts.store.measurement(candidate, effort)
  if (known) return known.measurement
  const { structure, measurement } = await patiently(parts, () => parts.measure(architecture, effort))
  parts.store.transaction(() => {
    parts.store.addMeasurement({ candidate, effort, structure, measurement })
    const { latencyMs, spread, stable } = measurement
    parts.store.addEvent('measured', { candidate, effort, latencyMs, spread, stable }, trial)
  })
  return measurement
}

async function patiently<T>(parts: SearchParts, attempt: () => Promise<T>): Promise<T> {
  for (const waitMs of retriesAfterMs) {
    parts.signal.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      if (!isMnasError(error) || error.code !== 'MNAS_DEVICE_LOST') throw error
      parts.reporter.warn(`${error.message} Trying again in ${waitMs / 1000} s.`)
      parts.store.addEvent('device-lost', { message: error.message })
      await parts.pause(waitMs)
    }
  }
  parts.signal.throwIfAborted()
  return attempt()
}
