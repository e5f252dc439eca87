import { type Architecture, namedArchitecture, scaleArchitecture, withTask } from '@mnas/core/architecture'
import type {
  Device,
  DeviceInfo,
  Exporter,
  Fidelity,
  Hash,
  JsonObject,
  ObjectiveFactory,
  SpaceFactory,
  StrategyFactory,
  Task,
  TrainingEngine,
} from '@mnas/core/contracts'
import { deviceContext, openDevice, quietMachine } from '@mnas/core/measurement'
import { fitRecipe, type Recipe } from '@mnas/core/training'
import { searchErrors } from '../errors.js'
import { chooseExporter } from './choose-exporter.js'
import { proxyHeadFilters, type SearchRequest, type Surroundings, spaceName, taskName } from './search-request.js'

/** What is known of the images without training on them. */
export interface DataFacts {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly training: number
  readonly heldOut: number
  readonly taskOptions: JsonObject
}

/** All that a search needs of the outside, found and checked before anything is written. */
export interface Materials {
  readonly task: Task
  readonly space: SpaceFactory
  readonly strategy: StrategyFactory
  readonly objective: ObjectiveFactory
  readonly engine: TrainingEngine
  readonly data: DataFacts
  readonly device: Device
  readonly deviceInfo: DeviceInfo
  readonly exporter: Exporter
  readonly recipe: Recipe
  readonly fidelity: Fidelity
  /** MnasNet-A1 for this data at the deployed size. */
  readonly reference: Architecture
}

/** The caller closes the device. @throws whatever is wrong with a name, the images or the device */
export async function openMaterials(request: SearchRequest, around: Surroundings): Promise<Materials> {
  const { registry, settings } = around
  const objectiveName = request.objective ?? (request.targetMs === null ? 'soft' : 'hard')
  const [task, space, strategy, objective, engine] = await Promise.all([
    registry.get('task', taskName),
    registry.get('space', spaceName),
    registry.get('strategy', request.strategy),
    registry.get('objective', objectiveName),
    registry.get('engine', settings.engine),
  ])
  checkTarget(request, objective.name, around)
  const data = await lookAtData(task, request.data, around)
  const recipe = fitRecipe(task.recipes.proxy, { epochs: request.proxyEpochs }, data.training)
  const { proxyEpochs: epochs, proxySize: inputSize } = request
  const fidelity = { epochs, scheduleEpochs: epochs, inputSize, headFilters: proxyHeadFilters }
  const a1 = scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: request.size })
  const reference = withTask(a1, task.name, data.taskOptions)
  const { signal, reporter } = around
  const context = deviceContext(registry, { cacheFolder: settings.cacheFolder, signal, warn: reporter.warn })
  const device = await openDevice(registry, settings.device, context)
  try {
    const deviceInfo = await device.describe()
    if (deviceInfo.emulated)
      around.reporter.warn(`Device "${settings.device}" is emulated: its latencies are not those of hardware.`)
    const exporter = await chooseExporter(registry, deviceInfo)
    return { task, space, strategy, objective, engine, data, device, deviceInfo, exporter, recipe, fidelity, reference }
  } catch (error) {
    await device.close()
    throw error
  }
}

function checkTarget({ targetMs }: SearchRequest, objective: string, { reporter }: Surroundings): void {
  if (objective === 'soft' && targetMs !== null) {
    reporter.warn(
      'With --objective soft the target latency is a constant factor of the reward and cannot act; use hard or absolute for a budget.',
    )
  }
  if (objective !== 'soft' && targetMs === null) throw searchErrors.MNAS_SEARCH_TARGET_NEEDED({ objective })
}

async function lookAtData(task: Task, folder: string, { settings, reporter, signal }: Surroundings): Promise<DataFacts> {
  reporter.stage('images', folder)
  const dataset = await task.open({
    folder,
    cacheFolder: settings.cacheFolder,
    cacheLimitBytes: settings.cacheLimit,
    report: ({ done, total }) => reporter.progress({ done, total, unit: 'images' }),
    whileWorking: quietMachine(settings.cacheFolder).whileWorking,
    signal,
  })
  try {
    const { skipped, fingerprint, labels } = dataset
    if (skipped.length > 0) {
      const first = skipped[0]!
      reporter.warn(`${skipped.length} files cannot be used and are skipped, the first: ${first.file} (${first.reason}).`)
    }
    const taskOptions = task.optionsFor(dataset)
    return { fingerprint, labels, training: dataset.size('train'), heldOut: dataset.size('heldOut'), taskOptions }
  } finally {
    await dataset.close()
  }
}
