import { architectureHash } from '@mnas/core/architecture'
import { bundleWeightsPath } from '@mnas/core/bundle'
import { type DeployableModel, loadModel } from '@mnas/core/deployment'
import { lower, parametersOf } from '@mnas/core/graph'
import type { Registry } from '@mnas/core/plugins'
import { readSafetensors } from '@mnas/core/weights'
import type { ZooEntry } from '../../entry/entry-schema.js'
import { type CheckedClaim, judged, notComparable, reasonInWords } from '../claim.js'
import type { EntryFolder } from '../entry-folder.js'
import { verifyErrors } from '../errors.js'
import { pathIn } from './exports-of.js'

/** What the files of the model itself are; without `model` nothing can be asked of it. */
export interface ModelCheck {
  readonly rows: readonly CheckedClaim[]
  readonly model: DeployableModel | null
}

const weightsPath = 'weights.safetensors'

/**
 * Whether the weights are those of an architecture, tensor by tensor, and this is the one that the entry names, with its
 * counts. Of a safetensors file the header is checked before anything is allocated.
 */
export async function checkModel({ folder, entry }: EntryFolder, registry: Registry): Promise<ModelCheck> {
  const { classes } = entry
  if (!entry.files.some(({ role }) => role === 'weights'))
    return { rows: await checkArchitecture({ folder, entry }, registry), model: null }
  const ofModel = { kind: 'files', claim: 'model model.json', expected: inWords(entry) } as const
  const ofWeights = { kind: 'files', claim: `weights ${weightsPath}`, expected: 'the tensors of the architecture' } as const
  try {
    await readSafetensors(bundleWeightsPath(folder))
  } catch (error) {
    const rows = [notComparable(ofModel, 'its weights cannot be read'), judged(ofWeights, reasonInWords(error), false)]
    return { rows, model: null }
  }
  let model: DeployableModel
  try {
    model = await loadModel(registry, { argument: folder, randomWeights: false })
  } catch (error) {
    const rows = [judged(ofModel, reasonInWords(error), false), notComparable(ofWeights, 'the model cannot be read')]
    return { rows, model: null }
  }
  const row = judged(ofModel, inWords(factsOf(model, classes)), inWords(factsOf(model, classes)) === ofModel.expected)
  try {
    const tensors = requireTensors(model)
    return { rows: [row, judged(ofWeights, `${tensors} tensors, all of them`, true)], model }
  } catch (error) {
    return { rows: [row, judged(ofWeights, reasonInWords(error), false)], model: null }
  }
}

/** An entry without weights is an architecture with its counts. */
async function checkArchitecture(
  { folder, entry }: Pick<EntryFolder, 'folder' | 'entry'>,
  registry: Registry,
): Promise<readonly CheckedClaim[]> {
  const file = entry.files.find(({ role }) => role === 'model')
  if (!file) return []
  const about = { kind: 'files', claim: `model ${file.path}`, expected: inWords(entry) } as const
  try {
    const model = await loadModel(registry, { argument: pathIn(folder, file.path), randomWeights: true })
    const got = inWords(factsOf(model, entry.classes))
    return [judged(about, got, got === about.expected)]
  } catch (error) {
    return [judged(about, reasonInWords(error), false)]
  }
}

type ModelFacts = Pick<ZooEntry, 'architecture' | 'task' | 'inputSize' | 'parameters' | 'multiplyAdds' | 'classes'>

/** @param classes as claimed: a model without named classes may claim none */
const factsOf = ({ architecture, task, costs, labels }: DeployableModel, classes: number | null): ModelFacts => ({
  architecture: architectureHash(architecture),
  task: task.name,
  inputSize: architecture.input.size,
  parameters: costs.parameters,
  multiplyAdds: costs.macs,
  classes: classes === null && !labels?.length ? null : (labels?.length ?? classesOf(architecture)),
})

const classesOf = ({ task }: DeployableModel['architecture']): number | null =>
  typeof task.options['classes'] === 'number' ? task.options['classes'] : null

const inWords = ({ architecture, task, inputSize, parameters, multiplyAdds, classes }: ModelFacts) =>
  `${task}, architecture ${architecture}, ${inputSize} px, ${parameters} parameters, ${multiplyAdds} multiply-adds, ${classes ?? 'no'} classes`

/** @returns how many there are. @throws MNAS_ZOO_STRUCTURE */
function requireTensors({ architecture, task, weights }: DeployableModel): number {
  const wrong = (expected: string, received: string) => verifyErrors.MNAS_ZOO_STRUCTURE({ path: weightsPath, expected, received })
  const expected = parametersOf(lower(architecture, task))
  for (const { name, shape } of expected) {
    const tensor = weights[name]
    const wanted = `"${name}" of [${shape.join(', ')}]`
    if (!tensor) throw wrong(wanted, 'none')
    if (tensor.shape.join() !== shape.join()) throw wrong(wanted, `[${tensor.shape.join(', ')}]`)
    if (tensor.data.some((value) => !Number.isFinite(value))) throw wrong(`numbers in "${name}"`, 'one that is none')
  }
  const known = new Set(expected.map(({ name }) => name))
  const stranger = Object.keys(weights).find((name) => !known.has(name))
  if (stranger !== undefined) throw wrong('the tensors of the architecture alone', `"${stranger}"`)
  return expected.length
}
