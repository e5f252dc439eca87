import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@mnas/core/contracts'
import { openMeasurementCache } from '@mnas/core/measurement'
import { settingsDifferences } from '@mnas/core/storage'
import { searchErrors } from '../errors.js'
import type { RunStore } from '../run/records.js'
import { deviceSettings } from '../start/device-settings.js'
import { type DeviceSide, openDevices } from '../start/open-devices.js'
import type { Proposing, Started } from '../start/search.js'
import type { Surroundings } from '../start/search-request.js'
import { measureArchitecture } from '../trials/measure-architecture.js'
import { type FoundWork, findWork, type WorkRequest } from './find-work.js'
import { type AskedRun, withAskedRun } from './open-asked-run.js'
import { startAsked } from './start-asked.js'

export interface AskRequest extends WorkRequest {
  readonly folder: string
}

export interface Asked extends FoundWork, Pick<Started<Proposing>, 'task' | 'postProcessing' | 'rungs' | 'width' | 'targetMs'> {}

/**
 * Trials to be trained, fewer where the strategy has no more: first those that nobody has any more, then new ones. They are timed
 * before anybody sees them; what is too slow is told to the strategy. The run is held for each step alone, never while a device
 * works.
 * @param now milliseconds since 1970
 * @param use what is read of the run while it is still open
 * @throws MNAS_SEARCH_UNFINISHED, MNAS_RUN_SETTINGS for another device, MNAS_DEVICE_LOST, the signal's reason
 */
export function askForWork<T>(
  request: AskRequest,
  around: Surroundings,
  use: (asked: Asked, store: RunStore) => T,
  now: () => number = Date.now,
): Promise<T> {
  return withAskedRun(request.folder, 'mnas search ask', async (run) => {
    const started = await startAsked(run, around)
    const side = await openDevices({ ...run.plan, precision: run.settings.exporter.precision }, around)
    try {
      requireSameDevice(run, deviceSettings(side))
      const found = await timing(started, side, around, (search) => findWork(search, request, now))
      const { task, postProcessing, rungs, width, targetMs, store } = started
      return use({ task, postProcessing, rungs, width, targetMs, ...found }, store)
    } finally {
      await side.devices.close()
    }
  })
}

/** The search as one that times its candidates on these devices. */
async function timing<T>(
  started: Started<Proposing>,
  side: DeviceSide,
  around: Surroundings,
  work: (search: Started<Proposing>) => Promise<T>,
): Promise<T> {
  const cache = openMeasurementCache(around.settings.cacheFolder)
  const files = await mkdtemp(join(tmpdir(), 'mnas-ask-'))
  try {
    return await work({ ...started, measure: measureArchitecture({ ...side, task: started.task }, around, files, cache) })
  } finally {
    cache.close()
    await rm(files, { recursive: true, force: true })
  }
}

/** @throws MNAS_RUN_SETTINGS */
function requireSameDevice({ folder, settings }: AskedRun, now: ReturnType<typeof deviceSettings>): void {
  const { device, exporter } = settings
  const differences = settingsDifferences({ device, exporter } as unknown as JsonObject, now as unknown as JsonObject)
  if (differences.length > 0) throw searchErrors.MNAS_RUN_SETTINGS({ folder, differences })
}
