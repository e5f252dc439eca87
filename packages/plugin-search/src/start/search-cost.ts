import { paceOf } from '@mnas/core/jobs'
import type { SearchDryRunAnswer } from '../answers/search-dry-run-answer.js'
import { openMaterials } from './open-materials.js'
import { jobOf, lessMemory, probePlan } from './search-in-folder.js'
import type { SearchRequest, Surroundings } from './search-request.js'
import { shareOfJob } from './share-of-job.js'

export type SearchCost = Omit<SearchDryRunAnswer, 'version' | 'dryRun' | 'run'>

/**
 * What a search would spend, measured on a few training steps of the space's reference network on the real images, in a process
 * like those that will train. With rungs a trial is one that comes to the top; at another size a step takes in proportion to its
 * pixels. Where the candidates of another run are taken as they are, nothing is trained. Nothing is written to the run's folder.
 */
export async function searchCost(request: SearchRequest, around: Surroundings): Promise<SearchCost> {
  const materials = await openMaterials(request, around)
  const { proxy, recipe, fidelity, reference } = materials
  const { data } = proxy
  const { registry, settings, signal } = around
  const { cacheFolder, cacheLimit: cacheLimitBytes } = settings
  const { workers } = shareOfJob(settings, request.jobs)
  try {
    around.reporter.stage('training steps', reference.name)
    const pace = await paceOf(
      {
        manifests: registry.manifests,
        lessMemory,
        data: { ...proxy.place, cacheFolder, cacheLimitBytes, workers },
        job: jobOf(reference, request, materials),
        plan: await probePlan(request, materials, around),
      },
      signal,
    )
    const trainings = proxy.backbones ? [] : (materials.rungs?.trainings.map((one) => one.fidelity) ?? [fidelity])
    const stepsPerTrial = trainings.reduce((steps, { epochs }) => steps + pace.batchesPerEpoch * epochs, 0)
    const secondsPerTrial = trainings.reduce((seconds, { epochs, inputSize }) => {
      const atTop = epochs * pace.batchesPerEpoch * pace.secondsPerBatch + pace.batchesPerEvaluation * pace.secondsPerInference
      return seconds + atTop * (inputSize / fidelity.inputSize) ** 2
    }, 0)
    const seconds = secondsOfSearch(request, { secondsPerTrial, hasWinner: materials.objective.goal !== 'front' })
    return {
      classes: data.labels.length,
      trainingImages: data.training,
      heldOutImages: data.heldOut,
      batchSize: recipe.batchSize,
      network: reference.name,
      stepsPerTrial,
      secondsPerStep: pace.secondsPerBatch,
      secondsPerTrial,
      trials: request.trials ?? null,
      seconds,
    }
  } finally {
    await materials.devices.close()
  }
}

/**
 * What the trainings of a search take at most, so many at once, those of the best behind its trials included.
 * @param cost with nothing to train 0 seconds a trial
 * @returns null: nothing bounds it
 */
export function secondsOfSearch(
  { trials = Number.POSITIVE_INFINITY, jobs, timeMs = Number.POSITIVE_INFINITY, retrainTop }: SpentRequest,
  { secondsPerTrial, hasWinner }: { readonly secondsPerTrial: number; readonly hasWinner: boolean },
): number | null {
  if (secondsPerTrial === 0) return 0
  const finalists = Math.min(retrainTop, trials)
  const again = hasWinner && finalists >= 2 ? finalists : 0
  // The best are known only when the last trial is over.
  const rounds = Math.ceil(trials / jobs) + Math.ceil(again / jobs)
  const seconds = Math.min(timeMs / 1000, rounds * secondsPerTrial)
  return Number.isFinite(seconds) ? seconds : null
}

type SpentRequest = Pick<SearchRequest, 'trials' | 'jobs' | 'timeMs' | 'retrainTop'>
