import type { SearchShowAnswer, TrialLine } from '../answers/search-show-answer.js'
import { describeLease } from '../asked/describe-lease.js'
import { candidateId } from '../candidate-id.js'
import { searchErrors } from '../errors.js'
import { growingHypervolume } from '../hypervolume.js'
import { pages } from '../run/pages.js'
import { recordedRange } from '../run/recorded-range.js'
import type { RunReader, TrialSummary } from '../run/records.js'
import type { RunFile } from '../run/run-file.js'
import { openRun } from '../run/run-folder.js'
import { headlineOf } from './headline-of.js'
import { quantizedOf, type Results, type RunContext, resultsOf } from './search-results.js'

/** Results, and what they are shown with. */
export interface ShownResults extends Results, RunContext {}

/** What `search show` tells of a run. */
export interface RunDescription
  extends ShownResults,
    Omit<SearchShowAnswer, 'version' | 'run' | 'best' | 'finalists' | 'candidates' | 'postProcessing' | 'range'> {}

/**
 * Reads a run, also while a search writes it.
 * @param whole read every page of its database too
 * @throws MNAS_RUN_MISSING, MNAS_RUN_CORRUPT, MNAS_RUN_VERSION
 */
export async function describeRun(folder: string, whole: boolean): Promise<RunDescription> {
  const { run, store } = await openRun(folder)
  try {
    if (whole) store.check()
    const context = contextOf(folder, run, store)
    return {
      ...context,
      settings: run.settings,
      counts: store.counts(),
      activeSeconds: store.activeMs() / 1000,
      latencyModel: store.latencyAccuracy(),
      ...resultsOf(store, context),
      ...leasesOf(store),
      trials: [...trialLines(store, context)],
    }
  } finally {
    store.close()
  }
}

function leasesOf(store: RunReader): Pick<SearchShowAnswer, 'leases'> {
  const leases = store.leases().map((lease) => ({ trial: lease.trial, ...describeLease(lease) }))
  return leases.length > 0 ? { leases } : {}
}

/** The front of a run and the best of it. @throws MNAS_SEARCH_NO_RESULT besides what describeRun throws */
export async function frontOfRun(folder: string): Promise<ShownResults> {
  const { run, store } = await openRun(folder)
  try {
    const context = contextOf(folder, run, store)
    const results = resultsOf(store, context)
    if (results.front.length === 0) throw searchErrors.MNAS_SEARCH_NO_RESULT({ folder })
    return { ...context, ...results }
  } finally {
    store.close()
  }
}

export const contextOf = (folder: string, { settings, postProcessing }: RunFile, store: RunReader): RunContext => ({
  headline: headlineOf(folder, settings),
  postProcessing: postProcessing ?? null,
  rangeMs: recordedRange(store),
})

function* trialLines(store: RunReader, { headline, postProcessing, rangeMs }: RunContext): Generator<TrialLine> {
  const metric = headline.name
  const grown = rangeMs && growingHypervolume(rangeMs)
  const behindMs = postProcessing?.latencyMs ?? 0
  for (const page of pages(
    (after) => store.summaries(metric, { after }),
    ({ id }) => id,
  ))
    for (const summary of page) {
      const line = trialLine(summary)
      const { status, quantized, latencyMs } = summary
      const quality = quantized?.quality ?? summary.metric
      const point = status === 'completed' && quality !== null && { quality, latencyMs: latencyMs + behindMs }
      yield grown && point ? { ...line, hypervolume: grown(point) } : line
    }
}

/** Field by field: of a hundred thousand trials, objects that are copied whole would take longest. */
function trialLine(summary: TrialSummary): TrialLine {
  const { rung, error } = summary
  const line: TrialLine = {
    latencyMs: summary.latencyMs,
    latencySource: summary.latencySource,
    parameters: summary.parameters,
    sizeBytes: summary.sizeBytes,
    peakMemoryBytes: summary.peakMemoryBytes,
    reward: summary.reward,
    trial: summary.id,
    id: candidateId(summary.candidate),
    status: summary.status ?? 'pending',
    accuracy: summary.metric,
    quantized: quantizedOf(summary.quantized),
    error: error && `${error.code}: ${error.message}`,
  }
  return rung === null ? line : { ...line, rung: rung + 1 }
}
