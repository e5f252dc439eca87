import type { DeviceInfo, JsonObject } from '../../contracts/index.js'
import { measurementErrors } from '../errors.js'

/** `model "A", "B"`: each fact in which two devices, or one device at two times, are not the same. */
export function deviceDifferences(first: DeviceInfo, other: DeviceInfo): readonly string[] {
  const [ones, twos] = [factsOf(first), factsOf(other)]
  const names = [...new Set([...Object.keys(ones), ...Object.keys(twos)])]
  const pairs = names.map((name) => ({
    name,
    one: JSON.stringify(ones[name] ?? null),
    two: JSON.stringify(twos[name] ?? null),
  }))
  return pairs.filter(({ one, two }) => one !== two).map(({ name, one, two }) => `${name} ${one}, ${two}`)
}

/** MNAS_DEVICES_DIFFERENT for a device that is not what it was: its times do not belong to the others. */
export function anotherDevice(opened: DeviceInfo, now: DeviceInfo): Error {
  const differences = deviceDifferences(opened, now)
  return measurementErrors.MNAS_DEVICES_DIFFERENT({
    devices: [`${now.name} as it was opened`, `${now.name} now`],
    differences: differences.length > 0 ? differences : ['it was another one for a while'],
  })
}

const factsOf = ({ details, runtime, fingerprint }: DeviceInfo): JsonObject => ({
  ...details,
  runtime: `${runtime.name} ${runtime.version} ${runtime.sha256.slice(0, 12)}`,
  fingerprint: fingerprint.slice(0, 12),
})
