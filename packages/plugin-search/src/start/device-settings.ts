import type { JsonObject } from '@mnas/core/contracts'
import type { DeviceSide } from './open-devices.js'

/** What latencies belong to, as run.json keeps it. */
export function deviceSettings(side: DeviceSide) {
  const { devices, deviceInfo, deviceFlags, exporter, precision } = side
  const { name, version, sha256 } = deviceInfo.runtime
  const flags: JsonObject = { ...deviceFlags }
  return {
    exporter: { format: exporter.format, version: exporter.version, precision },
    device: { name: devices.name, fingerprint: deviceInfo.fingerprint, runtime: { name, version, sha256 }, flags },
  }
}
