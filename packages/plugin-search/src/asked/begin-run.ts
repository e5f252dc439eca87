import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseTaskOptions } from '@mnas/core/architecture'
import { parseOptions, parsePairs } from '@mnas/core/config'
import type { JsonObject, Precision, SearchLimits } from '@mnas/core/contracts'
import { type MeasurementCache, openMeasurementCache } from '@mnas/core/measurement'
import type { LatencyRange } from '../hypervolume.js'
import type { RunStore } from '../run/records.js'
import type { PostProcessingCost, RunFile } from '../run/run-file.js'
import { leaseRun } from '../run/run-folder.js'
import { deviceSettings } from '../start/device-settings.js'
import { type DeviceSide, openDevices, type Timing } from '../start/open-devices.js'
import { checkGoal, checkTarget } from '../start/open-materials.js'
import type { Proposing, Started } from '../start/search.js'
import { cameToNothing } from '../start/search-in-folder.js'
import type { Surroundings } from '../start/search-request.js'
import { startSearch } from '../start/start-search.js'
import { type OperatorTiming, timePostProcessing } from '../start/time-post-processing.js'
import { measureArchitecture } from '../trials/measure-architecture.js'
import { type AskedSettings, askedKind } from './asked-settings.js'
import { proposingOf } from './proposing-of.js'

/** A run to be asked and told, as the command line says it. */
export interface NewRun {
  readonly folder: string
  readonly task: string
  readonly classes: number
  /** `--task-option NAME=VALUE`, each. */
  readonly taskOptions: readonly string[]
  /** Side of the deployed input in pixels. */
  readonly size: number
  readonly targetMs: number | null
  /** Of a front. */
  readonly rangeMs: LatencyRange | null
  readonly precision: Precision
  readonly limits: SearchLimits
  readonly space: string
  readonly strategy: string
  /** `--strategy-option NAME=VALUE`, each. */
  readonly strategyOptions: readonly string[]
  /** Undefined: hard with a target, front without. */
  readonly objective: string | undefined
  readonly width: 'auto' | number
  readonly seed: number
  readonly trials: number | undefined
  readonly training: string
  /** Undefined: each network is trained once. */
  readonly rungs: AskedSettings['rungs']
  /** `--option NAME=VALUE`, each. */
  readonly deviceOptions: readonly string[]
  /** Of mnas, for the record. */
  readonly version: string
}

/** What the beginning of a run has settled. */
export type BegunRun = Pick<Started<Proposing>, 'width' | 'targetMs' | 'headline' | 'postProcessing'> & {
  /** Of a front: between which latencies it is searched. */
  readonly rangeMs: LatencyRange | null
  /** Networks that were timed so far. */
  readonly measured: number
}

/**
 * Makes a run, and the measurements that come before its first trial; goes on where it was interrupted.
 * @throws what is wrong with a name, an option or the device, MNAS_RUN_SETTINGS, MNAS_SEARCH_TARGET_UNREACHABLE
 */
export async function beginRun(request: NewRun, around: Surroundings): Promise<BegunRun> {
  const parts = await namedParts(request, around)
  const { device } = around.settings
  const side = await openDevices({ ...request, device }, around)
  try {
    const cache = openMeasurementCache(around.settings.cacheFolder)
    try {
      return await beginInFolder(request, { ...parts, ...side }, around, cache)
    } finally {
      cache.close()
    }
  } finally {
    await side.devices.close()
  }
}

type Parts = Awaited<ReturnType<typeof namedParts>>

async function namedParts(request: NewRun, around: Surroundings) {
  const { registry } = around
  const { size: inputSize, targetMs, limits } = request
  const [task, space, strategy, objective] = await Promise.all([
    registry.get('task', request.task),
    registry.get('space', request.space),
    registry.get('strategy', request.strategy),
    registry.get('objective', request.objective ?? (targetMs === null ? 'front' : 'hard')),
  ])
  const [headline] = task.headlines
  checkGoal(request, objective)
  checkTarget({ targetMs, limits }, objective, headline.name, around)
  const strategyOptions = parseOptions(`strategy ${strategy.name}`, strategy.options ?? [], request.strategyOptions)
  const said = { ...parsePairs(request.taskOptions), classes: request.classes }
  const taskOptions = parseTaskOptions(space.reference({ inputSize, task: { name: task.name, options: said } }), task)
  const reference = space.reference({ inputSize, task: { name: task.name, options: taskOptions } })
  return { task, taskOptions, space, strategy, strategyOptions, objective, headline, reference }
}

async function beginInFolder(
  request: NewRun,
  parts: Parts & DeviceSide,
  around: Surroundings,
  cache: MeasurementCache,
): Promise<BegunRun> {
  const settings = settingsOf(request, parts)
  const { store, postProcessing } = await openStore(request, settings, parts, around, cache)
  const work = await mkdtemp(join(tmpdir(), 'mnas-new-'))
  let discarded = false
  try {
    const measure = measureArchitecture(parts, around, work, cache)
    const timing = { store, measure, measuredAtOnce: parts.devices.size, postProcessing }
    const { width, targetMs, headline, wanted } = await startSearch(await proposingOf(settings, timing, around))
    const rangeMs = wanted.kind === 'front' ? wanted.rangeMs : null
    return { width, targetMs, rangeMs, headline, postProcessing, measured: store.measurements().length }
  } catch (error) {
    discarded = cameToNothing(store, error)
    throw error
  } finally {
    await rm(work, { recursive: true, force: true })
    if (discarded) await store.discard()
    else store.close()
  }
}

async function openStore(
  { folder, deviceOptions, version }: NewRun,
  settings: AskedSettings,
  timing: OperatorTiming & Timing,
  around: Surroundings,
  cache: MeasurementCache,
): Promise<{ readonly store: RunStore; readonly postProcessing: PostProcessingCost | null }> {
  const leased = await leaseRun(folder)
  try {
    const json = settings as unknown as JsonObject
    if (leased.existing) {
      return { store: await leased.resume(json), postProcessing: leased.existing.postProcessing ?? null }
    }
    const postProcessing = await timePostProcessing(timing, around, cache)
    const run: RunFile = {
      version: 1,
      kind: askedKind,
      createdAt: new Date().toISOString(),
      settings: json,
      plan: { device: around.settings.device, deviceOptions },
      ...(postProcessing && { postProcessing }),
      versions: { mnas: version, node: process.version },
    }
    return { store: await leased.create(run, 'several-computers'), postProcessing }
  } catch (error) {
    leased.release()
    throw error
  }
}

function settingsOf(request: NewRun, parts: Parts & DeviceSide): AskedSettings {
  const { task, taskOptions, headline, space, strategy, strategyOptions, objective } = parts
  const { size, targetMs, rangeMs, limits, width, seed, trials, training, rungs } = request
  const { name, label, percent } = headline
  return {
    task: { name: task.name, options: taskOptions },
    headline: { name, label, percent },
    ...{ size, targetMs, latencyRangeMs: rangeMs && [...rangeMs], limits: { ...limits }, width },
    ...{ space: space.name, strategy: strategy.name, strategyOptions, objective: objective.name },
    ...{ seed, trials: trials ?? null, training, ...(rungs && { rungs }) },
    ...deviceSettings(parts),
  }
}
