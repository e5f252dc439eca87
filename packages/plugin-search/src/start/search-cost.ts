import { paceOf } from '@mnas/core/jobs'
import type { SearchDryRunAnswer } from '../answers/search-dry-run-answer.js'
import { openMaterials } from './open-materials.js'
import { jobOf, probePlan } from './search-in-folder.js'
import type { SearchRequest, Surroundings } from './search-request.js'
import { shareOfJob } from './share-of-job.js'

export type SearchCost = Omit<SearchDryRunAnswer, 'version' | 'dryRun' | 'run'>

/**
 * What a search would spend, measured on a few training steps of the space's reference network on the real images, in a process
 * like those that will train. With rungs a trial is one that comes to the top; at another size a step takes in proportion to its
 * pixels. Nothing is written to the run's folder.
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
        data: { ...proxy.place, cacheFolder, cacheLimitBytes, workers },
        job: jobOf(reference, request, materials),
        plan: await probePlan(request, materials, around),
      },
      signal,
    )
    const trainings = materials.rungs?.trainings.map((one) => one.fidelity) ?? [fidelity]
    const stepsPerTrial = trainings.reduce((steps, { epochs }) => steps + pace.batchesPerEpoch * epochs, 0)
    const secondsPerTrial = trainings.reduce((seconds, { epochs, inputSize }) => {
      const atTop = epochs * pace.batchesPerEpoch * pace.secondsPerBatch + pace.batchesPerEvaluation * pace.secondsPerInference
      return seconds + atTop * (inputSize / fidelity.inputSize) ** 2
    }, 0)
    const bySeconds = request.timeMs === undefined ? Number.POSITIVE_INFINITY : request.timeMs / 1000
    const seconds = Math.min(bySeconds, ((request.trials ?? Number.POSITIVE_INFINITY) * secondsPerTrial) / request.jobs)
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
      seconds: Number.isFinite(seconds) ? seconds : null,
    }
  } finally {
    await materials.devices.close()
  }
}
