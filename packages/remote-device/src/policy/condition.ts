import type { Doubt, JsonObject } from '@mnas/core/contracts'

/** What of a device's state decides whether it can be timed. null: it does not tell. */
export interface Condition {
  /** Android's: 0 nothing, 1 light … 6 shutdown. A board that is throttled by heat has 1. */
  readonly thermalStatus: number | null
  readonly celsius: number | null
  /** 0–100 */
  readonly batteryPercent: number | null
  /** Everything that was read, for the record. */
  readonly state: JsonObject
}

/** Of the battery or the processor's case; phones throttle from about here on. */
const hotCelsius = 35
/** Below, phones save power. */
const lowPercent = 30

/** Why a device in this condition cannot be trusted. */
export function doubtsAbout({ thermalStatus, celsius, batteryPercent }: Omit<Condition, 'state'>): readonly Doubt[] {
  const hot = (thermalStatus ?? 0) > 0 || (celsius ?? 0) > hotCelsius
  const low = (batteryPercent ?? 100) < lowPercent
  return [...(hot ? (['thermal'] as const) : []), ...(low ? (['battery'] as const) : [])]
}
