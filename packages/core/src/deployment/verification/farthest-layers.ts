import type { Calibration, Comparison, Exporter, LayerDistance, ModelFile } from '../../contracts/index.js'
import type { Reporter } from '../../events/index.js'
import { type ExportWish, writeRequest } from '../files/export-model.js'
import { completeRequest } from '../files/write-model-file.js'
import type { DeployableModel } from '../load-model.js'

export interface FarthestRequest {
  readonly exporter: Exporter
  readonly model: DeployableModel
  readonly wish: Omit<ExportWish, 'calibration'>
  readonly file: Pick<ModelFile, 'recipe'>
  readonly comparison: Comparison
  /** A few images; undefined: none. */
  readonly calibration: Calibration | undefined
  readonly reporter: Reporter
}

/** From so many other answers on it is worth a look which layers make them. */
const leastOtherAnswers = 0.05
const told = 5

/** The layers that do most to a file's answers, where these are others than the model's too often. null: it was not asked. */
export async function farthestLayers(request: FarthestRequest): Promise<readonly LayerDistance[] | null> {
  const { exporter, model, wish, file, comparison, calibration, reporter } = request
  const { sameAnswers } = comparison
  if (sameAnswers === null || 1 - sameAnswers <= leastOtherAnswers) return null
  if (!exporter.layerDistances || !file.recipe || !calibration) return null
  reporter.stage('Layers', `which change the answers most, on ${calibration.images} images`)
  const asked = completeRequest(exporter, writeRequest(exporter, model, { ...wish, calibration }))
  const distances = await exporter.layerDistances(asked, file.recipe, (done, total) =>
    reporter.progress({ done, total, unit: 'layers' }),
  )
  return distances.length > 0 ? distances.slice(0, told) : null
}
