import { type Architecture, withFidelity } from '@mnas/core/architecture'
import type { Fidelity, JsonObject } from '@mnas/core/contracts'
import { lower } from '@mnas/core/graph'
import type { Registry } from '@mnas/core/plugins'
import { fitRecipe, type Recipe } from '@mnas/core/training'
import type { OpenProxy } from '../proxy/open-proxy.js'
import type { RungRequest } from '../start/search-request.js'
import type { RungTraining, TrainedRungs } from './rungs.js'

interface TopRung {
  readonly proxy: Pick<OpenProxy, 'task' | 'data' | 'trained'>
  readonly recipe: Recipe
  readonly fidelity: Fidelity
  readonly reference: Architecture
}

/** @param top the proxy's own training. @throws MNAS_NAME_UNKNOWN, and what is wrong with a recipe or a size */
export async function openRungs(
  { lower: below, eta, policy }: RungRequest,
  top: TopRung,
  registry: Registry,
): Promise<TrainedRungs> {
  const { proxy, recipe, fidelity } = top
  const factory = await registry.get('rungPolicy', policy)
  const trainings = below.map(({ epochs, size = fidelity.inputSize }): RungTraining => {
    const own = fitRecipe(proxy.task.recipes.proxy, { epochs }, proxy.data.training)
    return { fidelity: { ...fidelity, epochs, scheduleEpochs: epochs, inputSize: size }, recipe: jsonOf(own) }
  })
  // A size that is too small is said before anything is measured.
  for (const one of trainings) lower(withFidelity(proxy.trained(top.reference), one.fidelity), proxy.task)
  const all = [...trainings, { fidelity, recipe: jsonOf(recipe) }]
  const policyOfRun = factory.create({ fidelities: all.map((one) => one.fidelity), eta })
  return { policy: policyOfRun, count: all.length, trainings: all }
}

const jsonOf = (recipe: Recipe): JsonObject => recipe as unknown as JsonObject
