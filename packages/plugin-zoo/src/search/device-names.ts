import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { matches } from './where/condition.js'

type Latency = EntrySummary['latency'][number]

/** `Pixel 8` → `pixel-8`: as people type it. */
export const deviceKey = (device: string): string =>
  device
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-')

/** Whether a latency was measured on a device that a pattern means, by its name or its chip. */
export const isOnDevice = ({ device, soc }: Latency, pattern: string): boolean =>
  matches(deviceKey(device), deviceKey(pattern)) || (soc !== null && matches(deviceKey(soc), deviceKey(pattern)))

export interface KnownDevice {
  readonly device: string
  readonly soc: string | null
  readonly emulated: boolean
  /** Releases with a latency of it. */
  readonly entries: number
}

/** Devices that were measured, the nearest first: same chip, then words in common. What none of them has in common with it is left out. */
export function devicesLike(name: string, entries: readonly EntrySummary[]): readonly KnownDevice[] {
  const devices = measuredDevices(entries)
  const chips = new Set(devices.filter((known) => deviceKey(known.device) === deviceKey(name)).map(({ soc }) => soc))
  const score = ({ device, soc }: KnownDevice) => inCommon(name, device, soc) + (soc !== null && chips.has(soc) ? 10 : 0)
  return devices.filter((device) => score(device) > 0).sort((a, b) => score(b) - score(a) || (a.device < b.device ? -1 : 1))
}

export function measuredDevices(entries: readonly EntrySummary[]): readonly KnownDevice[] {
  const found = new Map<string, KnownDevice>()
  for (const { latency } of entries)
    for (const { device, soc, emulated } of new Map(latency.map((each) => [deviceKey(each.device), each])).values()) {
      const key = deviceKey(device)
      found.set(key, { device, soc, emulated, entries: (found.get(key)?.entries ?? 0) + 1 })
    }
  return [...found.values()]
}

function inCommon(name: string, device: string, soc: string | null): number {
  const words = new Set(`${deviceKey(device)}-${deviceKey(soc ?? '')}`.split(/[^a-z0-9]+/))
  return deviceKey(name)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && words.has(word)).length
}
