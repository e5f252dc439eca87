import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { withFidelity } from '@mnas/core/architecture'
import type { ExecutionPlan, TrialJob } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import { lower } from '@mnas/core/graph'
import { localExecutor, planDifferences, planTraining } from '@mnas/core/jobs'
import { type MeasurementCache, openMeasurementCache } from '@mnas/core/measurement'
import { type EarlierRun, openEarlierRun } from '../earlier/earlier-run.js'
import { searchErrors } from '../errors.js'
import { toldExecutor } from '../proxy/told-executor.js'
import { allTrials } from '../run/counted-trials.js'
import type { RunStore } from '../run/records.js'
import type { PostProcessingCost, RunFile } from '../run/run-file.js'
import { leaseRun } from '../run/run-folder.js'
import { candidateJudge } from '../trials/judge-candidate.js'
import { measureArchitecture } from '../trials/measure-architecture.js'
import { type SearchResult, searchLoop } from '../trials/search-loop.js'
import { type Materials, openMaterials } from './open-materials.js'
import { patience } from './patience.js'
import type { Search } from './search.js'
import type { SearchRequest, Surroundings } from './search-request.js'
import { searchSettings } from './search-settings.js'
import { shareOfJob } from './share-of-job.js'
import { timePostProcessing } from './time-post-processing.js'

/** Begins a search in `request.out`, or goes on with the one that is there. */
export async function searchInFolder(request: SearchRequest, around: Surroundings): Promise<SearchResult> {
  const materials = await openMaterials(request, around)
  try {
    const cache = openMeasurementCache(around.settings.cacheFolder)
    try {
      return await searchLeased(request, materials, around, cache)
    } finally {
      cache.close()
    }
  } finally {
    await materials.devices.close()
  }
}

async function searchLeased(
  request: SearchRequest,
  materials: Materials,
  around: Surroundings,
  cache: MeasurementCache,
): Promise<SearchResult> {
  const opened = await openStore(request, materials, around, cache)
  const { store } = opened
  let discarded = false
  try {
    return await searchWith(opened, request, materials, around, cache)
  } catch (error) {
    discarded = cameToNothing(store, error)
    throw error
  } finally {
    if (discarded) await store.discard()
    else store.close()
  }
}

/**
 * Whether a run that failed need not stay: nothing was measured, or nothing reaches the target (the next command has another
 * one and would not resume it).
 */
export function cameToNothing(store: RunStore, error: unknown): boolean {
  const unreachable = isMnasError(error) && /^MNAS_SEARCH_(TARGET|LIMIT)_UNREACHABLE$/.test(error.code)
  try {
    return store.trials({ limit: 1 }).length === 0 && (unreachable || store.measurements({ limit: 1 }).length === 0)
  } catch {
    // A run that cannot be read any more is not ours to delete.
    return false
  }
}

interface OpenedRun {
  readonly store: RunStore
  /** Probed once; a resumed run trains the way it began, whatever a fresh probe would say. */
  readonly plan: ExecutionPlan
  readonly earlier: EarlierRun | null
  /** Measured once, too. */
  readonly postProcessing: PostProcessingCost | null
}

async function openStore(
  request: SearchRequest,
  materials: Materials,
  around: Surroundings,
  cache: MeasurementCache,
): Promise<OpenedRun> {
  const own = searchSettings(request, materials, materials.devices.name)
  const earlier = request.from === undefined ? null : await openEarlierRun(request.from, own)
  const settings = { ...own, ...(earlier && { from: earlier.identity }) }
  const leased = await leaseRun(request.out)
  try {
    if (leased.existing) {
      const plan = leased.existing.plan as unknown as ExecutionPlan
      await requireSamePlan(request.out, plan, materials, around)
      const store = await leased.resume(settings)
      around.reporter.note(`Resuming ${request.out}: ${allTrials(store.counts())} candidates recorded.`)
      return { store, plan, earlier, postProcessing: leased.existing.postProcessing ?? null }
    }
    const plan = await probePlan(request, materials, around)
    const postProcessing = await timePostProcessing(materials, around, cache)
    const run: RunFile = {
      version: 1,
      kind: 'search',
      createdAt: new Date().toISOString(),
      settings,
      plan: { ...plan },
      ...(postProcessing && { postProcessing }),
      versions: { mnas: request.version, node: process.version },
    }
    return { store: await leased.create(run), plan, earlier, postProcessing }
  } catch (error) {
    leased.release()
    throw error
  }
}

/** What a user of a search can do when a training finds too little memory: its batch is the recipe's. */
export const lessMemory = 'search with a smaller --proxy-size or fewer --jobs'

/** How the engine would train the reference network at the proxy fidelity. */
export async function probePlan(
  { jobs }: SearchRequest,
  materials: Materials,
  { registry, settings }: Surroundings,
): Promise<ExecutionPlan> {
  const { threads } = shareOfJob(settings, jobs)
  return planTraining(registry, { ...settings, threads }, proxyModel(materials), materials.recipe.batchSize)
}

/** @throws MNAS_RUN_SETTINGS when engine, accelerator or threads were asked for and are others */
async function requireSamePlan(
  folder: string,
  recorded: ExecutionPlan,
  materials: Materials,
  { registry, settings }: Surroundings,
): Promise<void> {
  const differences = await planDifferences(registry, settings, recorded, proxyModel(materials), materials.recipe.batchSize)
  if (differences.length > 0) throw searchErrors.MNAS_RUN_SETTINGS({ folder, differences })
}

const proxyModel = ({ reference, fidelity, proxy }: Materials) =>
  lower(withFidelity(proxy.trained(reference), fidelity), proxy.task)

async function searchWith(
  { store, plan, earlier, postProcessing }: OpenedRun,
  request: SearchRequest,
  materials: Materials,
  around: Surroundings,
  cache: MeasurementCache,
): Promise<SearchResult> {
  const { registry, settings, reporter, signal } = around
  const { cacheFolder, cacheLimit: cacheLimitBytes } = settings
  const { workers } = shareOfJob(settings, request.jobs)
  const { proxy } = materials
  const executor = proxy.backbones
    ? toldExecutor(proxy.backbones, request.jobs)
    : localExecutor({
        manifests: registry.manifests,
        lessMemory,
        folder: join(request.out, 'checkpoints'),
        capacity: request.jobs,
        data: { ...proxy.place, cacheFolder, cacheLimitBytes, workers },
      })
  const judging = await candidateJudge(request, materials, around, executor.blobs)
  const { task, width, space: spaces, strategy: strategies, objective: objectives, data } = materials
  const { strategyOptions } = materials
  const work = join(request.out, 'work')
  const { size, targetMs, rangeMs, limits, seed, trials, timeMs } = request
  // What another run has found is not trained, and a front has no winner.
  const retrainTop = proxy.backbones || objectives.goal === 'front' ? 0 : request.retrainTop
  const search: Search = {
    goal: { size, targetMs, rangeMs, limits, width, seed, trials, timeMs, retrainTop, patience, device: settings.device },
    task,
    taskOptions: data.taskOptions,
    headline: proxy.headline,
    learn: proxy.learn,
    postProcessing,
    spaces,
    strategies,
    strategyOptions,
    objectives,
    measure: measureArchitecture(materials, around, work, cache),
    measuredAtOnce: materials.devices.size,
    request: (architecture) => {
      const keep = judging.judge ? (['weights'] as const) : []
      return { job: jobOf(architecture, request, materials), plan, validate: false, keep }
    },
    rungs: materials.rungs,
    earlier,
    judge: judging.judge,
    precision: materials.precision,
    executor,
    store,
    reporter,
    signal,
    pause: (ms) => delay(ms, undefined, { signal }),
  }
  try {
    return await searchLoop(search)
  } finally {
    await executor.close()
    await judging.close()
    await rm(work, { recursive: true, force: true })
  }
}

export function jobOf(architecture: TrialJob['architecture'], request: SearchRequest, materials: Materials): TrialJob {
  const { proxy, recipe, fidelity } = materials
  return {
    architecture: proxy.trained(architecture),
    data: proxy.data.fingerprint,
    recipe: recipe as unknown as TrialJob['recipe'],
    seed: request.seed,
    fidelity,
    start: { kind: 'scratch' },
  }
}
