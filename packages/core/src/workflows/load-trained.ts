import { loadBundleWeights, requireTrained, resolveModel, type TrainedModel } from '../bundle/index.js'
import type { Tensors } from '../contracts/index.js'

/** A MODEL argument that must have trained weights. @throws MNAS_MODEL_UNTRAINED and what resolving and reading throw */
export async function loadTrained(argument: string): Promise<TrainedModel & { readonly weights: Tensors }> {
  const model = requireTrained(await resolveModel(argument))
  return { ...model, weights: await loadBundleWeights(model.folder) }
}
