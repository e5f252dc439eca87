import { paceOf } from '@mnas/core/jobs'
import { openMaterials } from './open-materials.js'
import { jobOf, probePlan } from './run-search.js'
import type { SearchRequest, Surroundings } from './search-request.js'

/**
 * What a search would spend, measured on a few training steps of MnasNet-A1 on the real images, in a process like those that will train. Nothing
 * is written to the run's folder.
 */
export interface SearchCost {
  readonly classes: number
  readonly trainingImages: number
  readonly heldOutImages: number
  readonly batchSize: number
  readonly stepsPerTrial: number
  readonly secondsPerStep: number
  /** Training and evaluation of a network of MnasNet-A1's size; a smaller one takes less. */
  readonly secondsPerTrial: number
  readonly trials: number | null
  /** Null when neither trials nor time bound it. */
  readonly seconds: number | null
}

export async function searchCost(request: SearchRequest, around: Surroundings): Promise<SearchCost> {
  const materials = await openMaterials(request, around)
  const { data, recipe, fidelity } = materials
  const { registry, settings, signal } = around
  const { cacheFolder, cacheLimit: cacheLimitBytes, workers } = settings
  try {
    around.reporter.stage('training steps', 'MnasNet-A1')
    const pace = await paceOf(
      {
        manifests: registry.manifests,
        data: { folder: request.data, cacheFolder, cacheLimitBytes, workers },
        job: jobOf(materials.reference, request, materials),
        plan: await probePlan(materials, around),
      },
      signal,
    )
    const stepsPerTrial = pace.batchesPerEpoch * fidelity.epochs
    const secondsPerTrial = stepsPerTrial * pace.secondsPerBatch + pace.batchesPerEvaluation * pace.secondsPerInference
    const bySeconds = request.timeMs === undefined ? Number.POSITIVE_INFINITY : request.timeMs / 1000
    const seconds = Math.min(bySeconds, (request.trials ?? Number.POSITIVE_INFINITY) * secondsPerTrial)
    return {
      classes: data.labels.length,
      trainingImages: data.training,
      heldOutImages: data.heldOut,
      batchSize: recipe.batchSize,
      stepsPerTrial,
      secondsPerStep: pace.secondsPerBatch,
      secondsPerTrial,
      trials: request.trials ?? null,
      seconds: Number.isFinite(seconds) ? seconds : null,
    }
  } finally {
    await materials.device.close()
  }
}
