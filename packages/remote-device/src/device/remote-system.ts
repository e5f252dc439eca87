import type { DeviceInfo, JsonObject } from '@mnas/core/contracts'
import type { Condition } from '../policy/condition.js'
import type { RemoteShell } from '../shell/remote-shell.js'

/** What a device is, as long as nobody changes its system. */
export interface RemoteIdentity {
  readonly kind: Exclude<DeviceInfo['kind'], 'host'>
  readonly emulated: boolean
  /** All that moves latency but the model and the tool, and nothing that tells two devices of one make apart: no serial, no address. */
  readonly traits: JsonObject
  /** What people want to know besides; no part of the fingerprint. */
  readonly details: JsonObject
  /**
   * Bit masks in hexadecimal: of the fastest group of cores, of that and the next-fastest, and so on without all cores. A benchmark runs on the
   * first that has a core for each of its threads. Empty: all are alike, or the device cannot be told.
   */
  readonly fastestCores: readonly string[]
}

/** What a plug-in for a kind of device writes: a shell, and the facts that are asked through it. */
export interface RemoteSystem {
  readonly shell: RemoteShell
  /** Absolute, ours alone, on a file system that allows programs. */
  readonly folder: string
  /** Asked before each round: connects again where that is needed. @throws MNAS_DEVICE_LOST, MNAS_DEVICE_UNREACHABLE */
  identify(): Promise<RemoteIdentity>
  /** Heat, battery, frequency. @throws MNAS_DEVICE_LOST */
  condition(): Promise<Condition>
}
