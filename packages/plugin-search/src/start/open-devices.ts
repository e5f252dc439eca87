import type { DeviceInfo, Exporter, OptionValues, Precision, Task } from '@mnas/core/contracts'
import { exporterFor, requirePrecision } from '@mnas/core/deployment'
import { type DevicePool, deviceContext, openPool } from '@mnas/core/measurement'
import type { Surroundings } from './search-request.js'

/** Where candidates are timed, and as which files. */
export interface DeviceSide {
  readonly devices: DevicePool
  readonly deviceInfo: DeviceInfo
  /** What each benchmark is told besides its effort. */
  readonly deviceFlags: OptionValues
  readonly exporter: Exporter
  /** Of the files that are timed. */
  readonly precision: Precision
}

/** What measuring candidates takes. */
export interface Timing extends DeviceSide {
  readonly task: Task
}

export interface DeviceRequest {
  /** As behind `--device`. */
  readonly device: string
  /** `--option NAME=VALUE`, each. */
  readonly deviceOptions: readonly string[]
  readonly precision: Precision
}

/** The caller closes the devices. @throws whatever is wrong with the device, or with the precision on it */
export async function openDevices(request: DeviceRequest, around: Surroundings): Promise<DeviceSide> {
  const { registry, settings, reporter, signal } = around
  const { device, deviceOptions: options, precision } = request
  const context = deviceContext(registry, { cacheFolder: settings.cacheFolder, signal, warn: reporter.warn })
  const { pool: devices, flags: deviceFlags } = await openPool(registry, { device, options }, context)
  try {
    const deviceInfo = devices.info
    if (devices.size > 1) reporter.note(`${devices.size} devices of one make share what there is to measure.`)
    if (deviceInfo.emulated) reporter.warn(`Device "${device}" is emulated: its latencies are not those of hardware.`)
    const exporter = await exporterFor(registry, deviceInfo)
    requirePrecision(exporter, precision)
    return { devices, deviceInfo, deviceFlags, exporter, precision }
  } catch (error) {
    await devices.close()
    throw error
  }
}
