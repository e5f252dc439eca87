import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type Architecture, withFidelity } from '@mnas/core/architecture'
import type { ExecutionPlan, Headline, JsonObject, SearchSpace, SpaceFactory, Task, TrialJob } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import { localExecutor, paceOf, planDifferences, planTraining } from '@mnas/core/jobs'
import { fitRecipe } from '@mnas/core/training'
import { searchErrors } from '../errors.js'
import { type DataFacts, lookAtData } from '../start/data-facts.js'
import type { Surroundings } from '../start/search-request.js'
import { type CheckFile, leaseCheck } from './check-file.js'
import { type JobTerms, networkJobs } from './check-jobs.js'
import type { CheckRequest } from './check-request.js'
import { diverseNetworks } from './diverse-networks.js'
import { judgeProxies, type ProxyJudgement } from './judge-proxies.js'
import { type ProxySettings, proxySettings } from './proxy-settings.js'
import { mostEpochs, referenceEpochs } from './reference-epochs.js'
import { trainNetworks } from './train-networks.js'

export interface CheckResult extends ProxyJudgement {
  readonly headline: Headline
  readonly reference: ProxySettings
  readonly heldOut: number
  /** Networks that there should be. */
  readonly wanted: number
  readonly failed: number
}

/** Fewer have no order to speak of. */
const fewestNetworks = 3

interface Materials {
  readonly task: Task
  readonly spaces: SpaceFactory
  readonly space: SearchSpace
  readonly data: DataFacts
  readonly networks: readonly Architecture[]
}

/**
 * Trains diverse networks long and with two seeds, and as cheaper proxies would, and says how well these order them. What was trained
 * is kept: the same request goes on.
 * @throws MNAS_SEARCH_CHECK_UNFINISHED, those of leaseCheck, whatever is wrong with a name or the images, the signal's reason
 */
export async function checkProxies(request: CheckRequest, around: Surroundings): Promise<CheckResult> {
  const materials = await openMaterials(request, around)
  requireTrainable(request, materials)
  const lease = await leaseCheck(request.out, settingsOf(request, materials, around))
  try {
    let check = lease.existing
    if (check) await requireSamePlan(request, materials, check, around)
    else {
      check = await begin(request, materials, around)
      await lease.create(check)
    }
    return await finish(request, materials, check, around)
  } finally {
    lease.release()
  }
}

async function openMaterials(request: CheckRequest, around: Surroundings): Promise<Materials> {
  const { registry } = around
  const [task, spaces] = await Promise.all([registry.get('task', request.task), registry.get('space', request.space)])
  const data = await lookAtData(task, request.data, around)
  const { width, size: inputSize } = request
  const space = spaces.create({ width, inputSize, task: { name: task.name, options: data.taskOptions } })
  return { task, spaces, space, data, networks: diverseNetworks(space, task, request.networks, request.seed) }
}

/** @throws MNAS_ARCHITECTURE_SHAPE for a size at which there is no network, before one of another size was trained */
function requireTrainable(request: CheckRequest, materials: Materials): void {
  const { references, proxies } = networkJobs(middle(materials), termsOf(request, materials, request.epochs ?? mostEpochs))
  for (const { architecture, fidelity } of [...references, ...proxies]) withFidelity(architecture, fidelity)
}

/** How long is trained is not among them: the same command goes on, whatever its --time. */
function settingsOf(request: CheckRequest, { task, space, data }: Materials, { settings }: Surroundings): JsonObject {
  const { size, width, networks, epochs = null, proxyEpochs, proxySizes, seed } = request
  return {
    task: { name: task.name, options: data.taskOptions },
    data: data.fingerprint,
    space: space.name,
    engine: settings.engine,
    recipe: task.recipes.proxy,
    ...{ size, width, networks, epochs, proxyEpochs, proxySizes, seed },
  }
}

/** The network in the middle stands for all: for their plan and their pace. */
const middle = ({ networks }: Materials): Architecture => networks[Math.floor(networks.length / 2)]!

async function begin(request: CheckRequest, materials: Materials, around: Surroundings): Promise<CheckFile> {
  const { registry, settings, signal, reporter } = around
  const { task, data } = materials
  const network = middle(materials)
  const recipe = fitRecipe(task.recipes.proxy, {}, data.training)
  const plan = await planTraining(registry, settings, lower(network, task), recipe.batchSize)
  const check = { settings: settingsOf(request, materials, around), plan }
  if (request.epochs !== undefined || request.timeMs === undefined) return { ...check, epochs: request.epochs ?? recipe.epochs }
  reporter.stage('training steps', network.name)
  const [job] = networkJobs(network, termsOf(request, materials, recipe.epochs)).references
  const source = { manifests: registry.manifests, data: placeOf(request, around), lessMemory }
  const pace = await paceOf({ ...source, job: job!, plan }, signal)
  return { ...check, epochs: referenceEpochs(request.timeMs / 1000, request.networks, request.size, pace) }
}

/** @throws MNAS_RUN_SETTINGS */
async function requireSamePlan(
  request: CheckRequest,
  materials: Materials,
  { plan }: CheckFile,
  { registry, settings }: Surroundings,
): Promise<void> {
  const { batchSize } = fitRecipe(materials.task.recipes.proxy, {}, materials.data.training)
  const model = lower(middle(materials), materials.task)
  const differences = await planDifferences(registry, settings, plan, model, batchSize)
  if (differences.length > 0) throw searchErrors.MNAS_RUN_SETTINGS({ folder: request.out, differences })
}

function termsOf(request: CheckRequest, { task, spaces, data }: Materials, epochs: number): JobTerms {
  const reference = { epochs, inputSize: request.size }
  return {
    reference,
    proxies: proxySettings(reference, { epochs: request.proxyEpochs, sizes: request.proxySizes }),
    proxyHeadFilters: spaces.proxyHeadFilters,
    data: data.fingerprint,
    seed: request.seed,
    recipeOf: (count) => fitRecipe(task.recipes.proxy, { epochs: count }, data.training) as unknown as TrialJob['recipe'],
  }
}

/** What a user can do when a training finds too little memory: its batch is the recipe's. */
const lessMemory = 'compare at a smaller --size and --proxy-size'

const placeOf = ({ data }: CheckRequest, { settings }: Surroundings) => {
  const { cacheFolder, cacheLimit: cacheLimitBytes, workers } = settings
  return { ...data, cacheFolder, cacheLimitBytes, workers }
}

async function finish(request: CheckRequest, materials: Materials, check: CheckFile, around: Surroundings): Promise<CheckResult> {
  const { reporter, signal, registry } = around
  const terms = termsOf(request, materials, check.epochs)
  const { reference, proxies } = terms
  reporter.stage('trainings', `${materials.networks.length} networks, ${reference.epochs} epochs at ${reference.inputSize} px`)
  const executor = localExecutor({
    manifests: registry.manifests,
    folder: join(request.out, 'checkpoints'),
    data: placeOf(request, around),
    lessMemory,
  })
  const plan: ExecutionPlan = check.plan
  const end = performance.now() + (request.timeMs ?? Number.POSITIVE_INFINITY)
  try {
    const { complete, failed } = await trainNetworks({
      networks: materials.networks.map((architecture) => networkJobs(architecture, terms)),
      ...{ executor, plan, reporter, signal },
      hasTime: () => performance.now() < end,
    })
    const wanted = materials.networks.length
    if (complete.length < fewestNetworks)
      throw searchErrors.MNAS_SEARCH_CHECK_UNFINISHED({ fewest: fewestNetworks, complete: complete.length, wanted, failed })
    const [headline] = materials.task.headlines
    const { heldOut } = materials.data
    return {
      ...judgeProxies({ reference, proxies, networks: complete, headline, heldOut }),
      headline,
      reference,
      heldOut,
      wanted,
      failed,
    }
  } finally {
    await executor.close()
  }
}
