import { type RunFront, runFrontSchema } from '@mnas/core/bundle'
import { hashJson, jsonText } from '@mnas/core/files'
import { candidateId } from '../candidate-id.js'
import type { CompletedTrial, RunReader } from '../run/records.js'
import { type RunFile, readRunFile } from '../run/run-file.js'
import type { ResultContext } from './search-results.js'

/**
 * `front.json`: which search it was, and what it found.
 * @param trials of the front, and the best; one may stand there twice
 * @returns null for a run whose run.json does not say what was searched
 */
export async function frontText(
  store: RunReader,
  context: ResultContext,
  trials: readonly CompletedTrial[],
): Promise<string | null> {
  const run = await readRunFile(store.folder)
  const front = run && frontOf(run, store, context, trials)
  return front && jsonText(front)
}

function frontOf(
  { createdAt, settings }: RunFile,
  store: RunReader,
  { headline, postProcessing }: ResultContext,
  trials: readonly CompletedTrial[],
): RunFront | null {
  const { completed, ...others } = store.counts()
  const { space, strategy, objective, targetMs = null, seed, device } = settings
  const behindMs = postProcessing?.latencyMs ?? 0
  const networks = new Map(
    trials.map(({ candidate, facts, outcome }) => {
      const { parameters, macs } = facts.costs
      const accuracy = outcome.estimate.metrics[headline.name] ?? 0
      const latencyMs = facts.latency.latencyMs + behindMs
      const id = candidateId(candidate)
      return [id, { id, accuracy, latencyMs, parameters, macs, sizeBytes: facts.sizeBytes }]
    }),
  )
  const { data = null } = runFrontSchema.safeParse({
    version: 1,
    run: hashJson({ createdAt, settings }),
    ...{ space, strategy, objective, targetMs, seed },
    trials: Object.values(others).reduce<number>((sum, count) => sum + (count ?? 0), completed),
    trained: completed,
    // Behind the colon stands which one it is: a serial number, an address.
    device: (device as { readonly name?: string } | undefined)?.name?.split(':')[0],
    metric: headline.name,
    candidates: [...networks.values()].sort((a, b) => a.latencyMs - b.latencyMs),
  })
  return data
}
