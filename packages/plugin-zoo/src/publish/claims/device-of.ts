import type { LatencyClaim } from '../../entry/claims.js'
import type { DraftExport } from '../contents/read-exports.js'

type Latency = DraftExport['facts']['latencies'][number]

/** `android` of `android:SERIAL`: which one it is stands behind the colon, and is nobody's business. */
export const driverOf = ({ device }: Pick<Latency, 'device'>): string => device.split(':')[0]!

/** A device as anybody else would look for one like it. */
export function deviceOf(latency: Latency): LatencyClaim['device'] {
  const { kind, details = {}, fingerprint, emulated } = latency
  const said = (...names: readonly string[]) => {
    const value = names.map((name) => details[name]).find((found) => typeof found === 'string' && found.trim() !== '')
    return typeof value === 'string' ? value.trim().slice(0, 120) : null
  }
  const processor = said('processor')
  return {
    kind: kind ?? driverOf(latency),
    vendor: said('manufacturer', 'vendor'),
    model: said('model') ?? processor ?? driverOf(latency),
    soc: said('soc', 'platform') ?? (kind === 'board' ? processor : null),
    os: osOf(said),
    fingerprint,
    emulated,
  }
}

function osOf(said: (...names: readonly string[]) => string | null): string | null {
  const android = said('android')
  if (android !== null) return `Android ${android}`
  return [said('system'), said('release', 'kernel')].filter((part) => part !== null).join(' ') || null
}
