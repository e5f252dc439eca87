import type { DeviceDriver } from './devices/device.js'
import type { Exporter } from './devices/exporter.js'
import type { ModelRuntime } from './devices/model-runtime.js'
import type { ModelSource } from './model-source.js'
import type { RungPolicyFactory } from './search/rungs.js'
import type { ObjectiveFactory, SpaceFactory, StrategyFactory } from './search/search.js'
import type { Task } from './task.js'
import type { TrainingEngine } from './training-engine.js'
import type { ZooStoreFactory } from './zoo-store.js'

/**
 * Named contributions, declared in a plug-in's package.json (`mnas.contributes.<kind>.<name>: <module>`); the module's default export is
 * the value below. A package reaches another only through these.
 */
export interface Contributions {
  readonly task: Task
  readonly engine: TrainingEngine
  readonly exporter: Exporter
  readonly runtime: ModelRuntime
  readonly device: DeviceDriver
  readonly space: SpaceFactory
  readonly strategy: StrategyFactory
  readonly objective: ObjectiveFactory
  readonly rungPolicy: RungPolicyFactory
  readonly store: ZooStoreFactory
  readonly modelSource: ModelSource
}
export type ContributionKind = keyof Contributions
export const contributionKinds = [
  'task',
  'engine',
  'exporter',
  'runtime',
  'device',
  'space',
  'strategy',
  'objective',
  'rungPolicy',
  'store',
  'modelSource',
] as const satisfies readonly ContributionKind[]
