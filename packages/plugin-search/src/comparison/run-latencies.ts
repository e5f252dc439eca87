import { type Architecture, architectureHash } from '@mnas/core/architecture'
import type { SpaceFactory, Task } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import type { Registry } from '@mnas/core/plugins'
import { searchErrors } from '../errors.js'
import { mostSamples } from '../facts/run-estimates.js'
import type { LatencySample } from '../latency/fit-latency.js'
import { type FittedLatencyModel, featuresOf, fitLatencyModel } from '../latency/operator-latency-model.js'
import { type DeviceOpening, deviceOpening, type NetworkSettings, networkSettings } from '../run/network-settings.js'
import type { RunReader } from '../run/records.js'
import type { RunFile } from '../run/run-file.js'
import { calibrationNetworks, type SizedSpace, sizedSpaces } from '../start/calibration-networks.js'

/** A network of a run that was measured in full. */
export interface MeasuredNetwork {
  readonly architecture: Architecture
  /** Why it was measured. */
  readonly role: 'calibration' | 'reference' | 'trial'
  /** Null: before the first. */
  readonly trial: number | null
  readonly latencyMs: number
}

/** What a run has learned of latency, made again from its record alone. */
export interface RunLatencies {
  readonly settings: NetworkSettings
  /** Of the device that it measured on. */
  readonly opening: DeviceOpening
  readonly task: Task
  readonly spaces: readonly SizedSpace[]
  /** Those that the model is fitted to, in their order. */
  readonly networks: readonly MeasuredNetwork[]
  readonly model: FittedLatencyModel
  /** T without what runs behind a network, in milliseconds. */
  readonly targetMs: number
}

/** @throws MNAS_SEARCH_UNMEASURED, and what a name can be wrong in */
export async function runLatencies(folder: string, run: RunFile, store: RunReader, registry: Registry): Promise<RunLatencies> {
  const settings = networkSettings(folder, run)
  const [task, factory] = await Promise.all([registry.get('task', settings.task.name), registry.get('space', settings.space)])
  const spaces = sizedSpaces({ ...settings, spaces: factory })
  const networks = measuredNetworks(store, spaces, factory, settings)
  if (networks.length < fewest) throw searchErrors.MNAS_SEARCH_UNMEASURED({ folder, expected: fewest, received: networks.length })
  const samples = networks.map(
    ({ architecture, latencyMs }): LatencySample => ({ features: featuresOf(lower(architecture, task)), latencyMs }),
  )
  const reference = networks.find(({ role }) => role === 'reference')
  const target = settings.targetMs === null ? reference!.latencyMs : settings.targetMs - (run.postProcessing?.latencyMs ?? 0)
  const opening = deviceOpening(run, settings)
  return { settings, opening, task, spaces, networks, model: fitLatencyModel(samples), targetMs: target }
}

/** The calibration, without which there is no model. */
const fewest = 9

function measuredNetworks(
  store: RunReader,
  spaces: readonly SizedSpace[],
  factory: SpaceFactory,
  { task, size, seed, targetMs }: NetworkSettings,
): readonly MeasuredNetwork[] {
  const before = (architecture: Architecture, role: 'calibration' | 'reference'): MeasuredNetwork[] => {
    const file = store.file(architectureHash(architecture))
    const measured = file && store.measurement(file.structure, 'full')
    return measured ? [{ architecture, role, trial: null, latencyMs: measured.measurement.latencyMs }] : []
  }
  const calibration = [
    ...calibrationNetworks(spaces, seed).flatMap(({ space, genome }) => before(space.decode(genome), 'calibration')),
    ...(targetMs === null ? before(factory.reference({ inputSize: size, task }), 'reference') : []),
  ]
  const known = new Set(calibration.map(({ architecture }) => architectureHash(architecture)))
  const trials = store.latestMeasured(mostSamples - calibration.length).flatMap(({ trial, latency }): MeasuredNetwork[] => {
    const architecture = store.architecture(trial)
    if (!architecture || known.has(architectureHash(architecture))) return []
    return [{ architecture, role: 'trial', trial, latencyMs: latency.latencyMs }]
  })
  return [...calibration, ...trials]
}
