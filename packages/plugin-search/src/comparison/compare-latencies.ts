import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Architecture, architectureHash, scaleArchitecture, withTask } from '@mnas/core/architecture'
import { resolveModel } from '@mnas/core/bundle'
import type { JsonObject } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { openMeasurementCache } from '@mnas/core/measurement'
import { settingsDifferences } from '@mnas/core/storage'
import type { ComparedNetwork, SearchLatencyAnswer } from '../answers/search-latency-answer.js'
import { candidateId } from '../candidate-id.js'
import { type Comparison, errorOf, isBeyond, latencyAccuracy } from '../latency/latency-accuracy.js'
import type { DeviceOpening, NetworkSettings } from '../run/network-settings.js'
import { openRun } from '../run/run-folder.js'
import { deviceSettings } from '../start/device-settings.js'
import { type DeviceSide, openDevices } from '../start/open-devices.js'
import type { Proposing } from '../start/search.js'
import type { Surroundings } from '../start/search-request.js'
import { measureArchitecture } from '../trials/measure-architecture.js'
import { type RunLatencies, runLatencies } from './run-latencies.js'
import { unseenNetworks } from './unseen-networks.js'

/** What is to be foretold, and compared with what it takes. */
export interface LatencyRequest {
  /** Folder of the run whose latency model foretells. */
  readonly run: string
  /** MODELs to be measured. */
  readonly models: readonly string[]
  /** So many random networks that the run has not looked at, to be measured. */
  readonly unseen: number
  /** As behind `--device`; undefined: the device of the run, as it was opened there. */
  readonly device: string | undefined
  /** `--option NAME=VALUE`, each. */
  readonly deviceOptions: readonly string[]
}

type LatencyComparison = Omit<SearchLatencyAnswer, 'version' | 'run'>

/** A network that is measured now. */
interface Wanted {
  readonly role: 'model' | 'unseen'
  readonly name: string
  readonly architecture: Architecture
}

/**
 * What a run's latency model says, against measurements: without MODELs and unseen networks those of the run itself, each foretold
 * by what was learned of the others.
 * @throws MNAS_RUN_…, MNAS_SEARCH_UNMEASURED, MNAS_SEARCH_UNSEEN, what a MODEL can be wrong in, and what measuring throws
 */
export async function compareLatencies(request: LatencyRequest, around: Surroundings): Promise<LatencyComparison> {
  const { run, store } = await openRun(request.run)
  try {
    const known = await runLatencies(request.run, run, store, around.registry)
    if (request.models.length + request.unseen === 0) return summed(known, ofRun(known), known.settings.device.name)
    const unseen = request.unseen > 0 ? unseenNetworks(request.run, store, known, request.unseen) : []
    const wanted = [
      ...(await Promise.all(request.models.map((argument) => modelOf(argument, known)))),
      ...unseen.map((architecture): Wanted => ({ role: 'unseen', name: architecture.name, architecture })),
    ]
    return await measured(request, known, wanted, around)
  } finally {
    store.close()
  }
}

/** Each left out in turn. */
function ofRun({ networks, model }: RunLatencies): readonly ComparedNetwork[] {
  return networks.map(({ architecture, role, trial, latencyMs }, index) =>
    compared(architecture, { role, trial, name: architecture.name }, model, {
      predictedMs: model.leftOut[index]!,
      measuredMs: latencyMs,
    }),
  )
}

function compared(
  architecture: Architecture,
  about: Pick<ComparedNetwork, 'role' | 'trial' | 'name'>,
  { accuracy: { margin } }: RunLatencies['model'],
  comparison: Comparison,
): ComparedNetwork {
  const id = candidateId(architectureHash(architecture))
  return { id, ...about, ...comparison, error: errorOf(comparison), beyond: isBeyond(comparison, margin) }
}

function summed({ model }: RunLatencies, networks: readonly ComparedNetwork[], device: string): LatencyComparison {
  const { meanError, worstError } = latencyAccuracy(networks)
  const beyond = networks.filter((network) => network.beyond).length
  return { device, networks: [...networks], meanError, worstError, margin: model.accuracy.margin, beyond }
}

/** In the task and at the size of the run, whatever the MODEL is for. */
async function modelOf(argument: string, { settings, task }: RunLatencies): Promise<Wanted> {
  const { architecture } = await resolveModel(argument)
  const sized = scaleArchitecture(architecture, { inputSize: settings.size })
  return { role: 'model', name: argument, architecture: withTask(sized, task.name, settings.task.options) }
}

async function measured(
  request: LatencyRequest,
  known: RunLatencies,
  wanted: readonly Wanted[],
  around: Surroundings,
): Promise<LatencyComparison> {
  const { model, task } = known
  const networks: ComparedNetwork[] = []
  const device = await withMeasure(openingOf(request, known), known, around, async (measure) => {
    for (const { architecture, role, name } of wanted) {
      const { latencyMs } = model.predict(lower(architecture, task))
      const { measurement } = await measure(architecture, 'full')
      const comparison = { predictedMs: latencyMs, measuredMs: measurement.latencyMs }
      networks.push(compared(architecture, { role, trial: null, name }, model, comparison))
      around.reporter.progress({ done: networks.length, total: wanted.length, unit: 'networks' })
    }
  })
  return summed(known, networks, device)
}

function openingOf({ device, deviceOptions }: LatencyRequest, { opening }: RunLatencies): DeviceOpening {
  if (device !== undefined) return { device, deviceOptions: [...deviceOptions] }
  return deviceOptions.length > 0 ? { ...opening, deviceOptions: [...deviceOptions] } : opening
}

/** Times networks as the run did, as far as this device is told the same. @returns the device's name */
async function withMeasure(
  opening: DeviceOpening,
  { settings, task }: RunLatencies,
  around: Surroundings,
  use: (measure: Proposing['measure']) => Promise<void>,
): Promise<string> {
  const { cacheFolder } = around.settings
  const opened = await openDevices({ ...opening, precision: settings.exporter.precision }, around)
  try {
    warnOfOther(settings, opened, opening.device, around.reporter.warn)
    const folder = await mkdtemp(join(tmpdir(), 'mnas-latency-'))
    const cache = openMeasurementCache(cacheFolder)
    try {
      await use(measureArchitecture({ ...opened, task }, around, folder, cache))
    } finally {
      cache.close()
      await rm(folder, { recursive: true, force: true })
    }
    return opened.devices.name
  } finally {
    await opened.devices.close()
  }
}

/** Another device has other times, and so has one that is told something else: the errors are then those of taking one for the other. */
function warnOfOther(recorded: NetworkSettings, opened: DeviceSide, device: string, warn: (text: string) => void): void {
  const { name, fingerprint } = recorded.device
  if (fingerprint !== opened.deviceInfo.fingerprint)
    warn(`The run was measured on another device ("${name}") than "${device}": its model is not for this one.`)
  // What a device is called here or there is all the same.
  const timing = ({ exporter, device: { runtime, flags } }: Pick<NetworkSettings, 'exporter' | 'device'>) =>
    ({ exporter, device: { runtime, flags } }) as unknown as JsonObject
  const differences = settingsDifferences(timing(recorded), timing(deviceSettings(opened)))
  if (differences.length > 0)
    warn(`The run measured in another way: ${differences.join('; ')}. Its model foretells those latencies.`)
}
