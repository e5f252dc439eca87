import { basename, resolve } from 'node:path'
import { type ArchitectureReport, reportArchitecture } from '@mnas/core/graph'
import type { Registry } from '@mnas/core/plugins'
import type { TrialCounts } from '../../answers/parts/trial-counts.js'
import type { LatencyAccuracy } from '../../latency/latency-accuracy.js'
import { contextOf } from '../../results/describe-run.js'
import { architectureOf, type Results, type RunContext, resultsOf } from '../../results/search-results.js'
import type { CompletedTrial, RunReader } from '../../run/records.js'
import type { RunFile } from '../../run/run-file.js'
import { openRun } from '../../run/run-folder.js'
import { winnerOf } from '../../winner/winner-of.js'
import { type DecisionEffect, decisionEffects } from './decision-effects.js'
import { type LatencyPoint, latencyPoints } from './latency-points.js'
import { spaceOfRun } from './space-of-run.js'
import { type TrainedTrial, trainedTrials } from './trained-trials.js'

/** All that a report tells of a run. Follows from the run alone: the same run gives the same report. */
export interface ReportData extends Results, RunContext {
  /** Of its folder. */
  readonly name: string
  readonly run: RunFile
  readonly counts: TrialCounts
  /** How many were trained at each rung; empty: there is one training alone. */
  readonly rungCounts: readonly number[]
  readonly activeSeconds: number
  readonly trained: readonly TrainedTrial[]
  /** Null: nothing was trained, or the space is not the one that the run was made with. */
  readonly effects: readonly DecisionEffect[] | null
  readonly latencies: readonly LatencyPoint[]
  /** How well the search itself foretells latencies; null before it has measured any. */
  readonly latencyModel: LatencyAccuracy | null
  /** The winner, row by row; null until one is trained. */
  readonly winner: ArchitectureReport | null
}

/**
 * Reads a run for its report, also while a search writes it.
 * @throws MNAS_RUN_MISSING, MNAS_RUN_CORRUPT, MNAS_RUN_VERSION, MNAS_NAME_UNKNOWN when the plug-in of its task or space is missing
 */
export async function readReport(folder: string, registry: Registry): Promise<ReportData> {
  const { run, store } = await openRun(folder)
  try {
    const context = contextOf(folder, run, store)
    const trained = trainedTrials(store, context)
    const best = winnerOf(store)
    return {
      ...context,
      ...resultsOf(store, context),
      name: basename(resolve(folder)),
      run,
      counts: store.counts(),
      rungCounts: store.rungCounts(),
      activeSeconds: store.activeMs() / 1000,
      trained,
      latencyModel: store.latencyAccuracy(),
      ...(best ? await ofWinner(registry, run, store, best, trained) : { effects: null, latencies: [], winner: null }),
    }
  } finally {
    store.close()
  }
}

async function ofWinner(
  registry: Registry,
  { settings }: RunFile,
  store: RunReader,
  best: CompletedTrial,
  trained: readonly TrainedTrial[],
): Promise<Pick<ReportData, 'effects' | 'latencies' | 'winner'>> {
  const architecture = architectureOf(store, best.id)
  const task = await registry.get('task', architecture.task.name)
  const space = await spaceOfRun(registry, settings, best, architecture)
  return {
    effects: space && decisionEffects(space.decisions, trained),
    latencies: latencyPoints(store, task),
    winner: reportArchitecture(architecture, task),
  }
}
