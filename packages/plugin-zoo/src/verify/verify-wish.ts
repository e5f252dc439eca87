import { resolve } from 'node:path'
import type { Settings } from '@mnas/core/config'
import type { DataPlace, DeviceContext } from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'
import { type DeviceWish, type OpenedDevice, openDevice } from '@mnas/core/measurement'
import type { Registry } from '@mnas/core/plugins'
import { readTrust } from '../signatures/trust-list.js'
import { zooLocations } from '../zoos/zoo-locations.js'
import { type Level, levels } from './claim.js'
import { withEntryFiles } from './open-entry.js'
import { type Verification, verifyEntry } from './verify-entry.js'

/** A verification as a command line says it. */
export interface VerifyWish {
  readonly registry: Registry
  readonly context: DeviceContext
  readonly settings: Settings
  readonly reporter: Reporter
  /** An entry's name with a release, or a folder. */
  readonly argument: string
  /** `--zoo`, each; default: the family and all of the setting. */
  readonly zoos: readonly string[] | undefined
  readonly offline: boolean
  /** Default: all. */
  readonly levels?: readonly Level[] | undefined
  /** null: right answers are not counted. */
  readonly data: DataPlace | null
  /** null: nothing is timed. */
  readonly device: DeviceWish | null
  readonly deviceThreads: number | null
}

/** @throws what finding the entry, opening the device and `verifyEntry` throw */
export async function verifyWish(wish: VerifyWish): Promise<Verification> {
  const { registry, context, settings, reporter, argument, offline, data } = wish
  const { engine, threads, cacheFolder, cacheLimit: cacheLimitBytes, workers } = settings
  const trust = await readTrust()
  const zoos = zooLocations(wish.zoos, settings.zoos)
  return withEntryFiles({ argument, zoos, offline, registry, around: context }, async (at) => {
    const device = await openWished(wish)
    try {
      return await verifyEntry({
        ...{ registry, at, levels: wish.levels ?? levels, trust, engine, threads, device, around: context, reporter },
        data: data && { ...data, folder: resolve(data.folder), cacheFolder, cacheLimitBytes, workers },
        deviceThreads: wish.deviceThreads,
      })
    } finally {
      await device?.device.close()
    }
  })
}

const openWished = async ({ registry, context, device }: VerifyWish): Promise<OpenedDevice | null> =>
  device && openDevice(registry, device, context)
