import type { Architecture } from '../../architecture/index.js'
import { loadBundleWeights, type TrainedModel } from '../../bundle/index.js'
import type { Graph, JsonObject, Task, Tensors } from '../../contracts/index.js'
import { contractErrors } from '../../errors/index.js'
import { hashBytes } from '../../files/index.js'
import { lowerBackbone, parametersOf } from '../../graph/index.js'
import { mergeRecipe } from '../../training/index.js'
import { serializeSafetensors } from '../../weights/index.js'
import type { TrainRequest } from './train-request.js'
import { type PreparedStart, type StartOf, storeBytes } from './training-start.js'

/** What a training takes over from a bundle. */
export interface Inheritance extends PreparedStart {
  /** Tensors of the network that begin with the bundle's values. */
  readonly taken: number
  /** All tensors of the network. */
  readonly tensors: number
  /** Layers whose weights begin anew. */
  readonly newLayers: number
}

/** Fine-tuning begins near a minimum: a tenth of the rate that a recipe takes from scratch. */
const fineTuningRate = 0.1
/** A new last layer behind the features learns quickly at any rate. A head of several layers begins as far away as a fresh network. */
const mostNewLayers = 1

/** Whether so much is new that it needs the rate of a training from scratch. */
const needsWholeRate = ({ newLayers }: Pick<Inheritance, 'newLayers'>) => newLayers > mostNewLayers

/** Whether a recipe is made for weights that know something: it has a rate of its own for the head. */
const isForKnownWeights = (recipe: JsonObject) => (recipe['learningRate'] as JsonObject)['head'] !== undefined

/** A recipe of a task's own, for what was taken over. Its learning rate is made for fresh weights, unless it says otherwise. */
export function fineTuningRecipe(recipe: JsonObject, inheritance: Pick<Inheritance, 'newLayers'>): JsonObject {
  if (needsWholeRate(inheritance) || isForKnownWeights(recipe)) return recipe
  const { base } = recipe['learningRate'] as { readonly base: number }
  return mergeRecipe(recipe, { learningRate: { base: base * fineTuningRate } })
}

/**
 * A bundle's weights: all of them for the same task and classes, else those of its backbone.
 * @param labels of the images to train on
 * @param model what is to be trained, lowered
 * @throws MNAS_ENGINE_WEIGHTS when the bundle lacks a tensor of its own backbone, or has it in another shape
 */
export async function inheritWeights(
  { folder, argument, bundle }: TrainedModel,
  task: Pick<Task, 'name'>,
  labels: readonly string[],
  model: Graph,
): Promise<Inheritance> {
  const weights = await loadBundleWeights(folder)
  const sameHead = bundle.task.name === task.name && bundle.labels.join('\0') === labels.join('\0')
  const backbone = backboneOf(weights, bundle.architecture, argument)
  const given = sameHead ? weights : backbone
  const bytes = serializeSafetensors(given)
  const parameters = parametersOf(model)
  const isTaken = (name: string, shape: readonly number[]) => given[name]?.shape.join() === shape.join()
  const fresh = parameters.filter(({ name, shape }) => !isTaken(name, shape))
  return {
    start: { kind: 'inherit', checkpoint: hashBytes(bytes) },
    store: (blobs) => storeBytes(blobs, bytes),
    taken: parameters.length - fresh.length,
    tensors: parameters.length,
    newLayers: new Set(fresh.filter(({ statistic, role }) => !statistic && role === 'kernel').map(({ node }) => node)).size,
  }
}

function backboneOf(weights: Tensors, architecture: Architecture, model: string): Tensors {
  const entries = parametersOf(lowerBackbone(architecture)).map(({ name, shape }) => {
    const tensor = weights[name]
    const [expected, received] = [shape, tensor?.shape].map((sides) => (sides ? `[${sides.join(', ')}]` : 'nothing'))
    if (tensor && expected === received) return [name, tensor] as const
    throw contractErrors.MNAS_ENGINE_WEIGHTS({ name: `${name} of ${model}`, expected: expected!, received: received! })
  })
  return Object.fromEntries(entries)
}

/** What was taken over and what was not, in a line. */
export function describeInheritance(
  {
    start: { model, frozen },
    recipe,
    recipeIsNamed,
  }: Pick<TrainRequest, 'recipe' | 'recipeIsNamed'> & { readonly start: StartOf<'init'> },
  inheritance: Inheritance,
): string {
  const { taken, tensors, newLayers } = inheritance
  const { task, preprocessing } = model.bundle
  const numbers = (values: readonly number[]) => [...new Set(values.map((value) => Number(value.toFixed(2))))].join(', ')
  return [
    `From "${model.argument}" (${task.name}): ${taken} of ${tensors} tensors`,
    newLayers === 0 ? 'no new layer' : newLayers === 1 ? 'one new layer' : `${newLayers} new layers`,
    frozen.length === 0 ? 'nothing frozen' : `frozen ${frozen.join(', ')}`,
    `mean ${numbers(preprocessing.mean)} and std ${numbers(preprocessing.std)} as there`,
    ...(recipeIsNamed
      ? [fineTuningRecipe(recipe, inheritance) === recipe ? "the recipe's whole rate" : "a tenth of the recipe's rate"]
      : []),
  ].join(', ')
}
