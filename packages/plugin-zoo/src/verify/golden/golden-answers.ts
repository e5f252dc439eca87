import { join } from 'node:path'
import type { AskedFile, FileTensor, PostProcessing, Surroundings, Tensors } from '@mnas/core/contracts'
import { type DeployableModel, type FileFacts, factsBeside, findRuntime, loadModel } from '@mnas/core/deployment'
import type { Reporter } from '@mnas/core/events'
import type { Registry } from '@mnas/core/plugins'
import { verifyErrors } from '../errors.js'
import { modelOfFile } from '../files/model-of-file.js'
import { picturesVersion } from './draw-picture.js'
import { goldenInputsFor } from './golden-inputs.js'
import type { Golden, GoldenModel, GoldenOutput } from './golden-schema.js'
import { type Kept, keptNumbers, outputWithoutNumbers } from './kept-numbers.js'
import { answersOfFile, answersOfWeights } from './model-answers.js'

export interface GoldenRequest {
  readonly registry: Registry
  /** A bundle. */
  readonly folder: string
  /** Files and folders that were made of it, relative to the bundle: `exports/photos-224px.tflite`. */
  readonly exports: readonly string[]
  /** Name of the engine that answers with the weights. */
  readonly engine: string
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly around: Surroundings
  readonly reporter: Reporter
}

/** Of the weights in a golden file. */
export const weightsPath = 'weights.safetensors'
const weightsFormat = 'safetensors'

/**
 * What the weights of a bundle and its exports say of the pictures that mnas draws, each at its own input size. An export that
 * nothing here runs is left out, with a warning. `goldenText` makes the file `goldenPath` of it.
 * @throws MNAS_ZOO_EXPORT_UNKNOWN for an export beside which nothing says how it is fed, MNAS_ZOO_NO_NUMBERS,
 * MNAS_DEPLOY_UNTRAINED, and what engine and runtime throw
 */
export async function goldenAnswers(request: GoldenRequest): Promise<Golden> {
  const { registry, folder, engine: name, threads, around, reporter } = request
  const model = await loadModel(registry, { argument: folder, randomWeights: false })
  reporter.stage('golden answers', model.name)
  const inputsOf = goldenInputsFor()
  const answers = await answersOfWeights(model, await registry.get('engine', name), threads, await inputsOf(model))
  const weights = { path: weightsPath, format: weightsFormat, precision: null }
  const models: GoldenModel[] = [{ ...weights, outputs: goldenOutputs(weightsPath, answers, null, null) }]
  for (const path of request.exports) {
    around.signal.throwIfAborted()
    const golden = await goldenOfExport(request, path, model, inputsOf)
    if (golden) models.push(golden)
    else reporter.warn(`Nothing here runs "${path}": it goes without golden answers`)
  }
  return { version: 1, pictures: picturesVersion, models }
}

async function goldenOfExport(
  { registry, folder, around }: GoldenRequest,
  path: string,
  model: DeployableModel,
  inputsOf: (model: DeployableModel) => Promise<readonly Tensors[]>,
): Promise<GoldenModel | null> {
  const facts = await factsBeside({ path: join(folder, path) })
  if (!facts) throw verifyErrors.MNAS_ZOO_EXPORT_UNKNOWN({ path })
  const { format, precision } = facts
  const runtime = await findRuntime(registry, format, around)
  if (!runtime) return null
  const file = askedFile(join(folder, path), facts)
  const sized = modelOfFile(model, facts)
  const answers = await answersOfFile(runtime, file, sized, await inputsOf(sized), around)
  const outputs = goldenOutputs(path, answers, operatorOf(sized, answers[0] ?? {}), facts)
  return { path, format, precision, outputs }
}

const askedFile = (path: string, { format, inputs, outputs, preprocessing }: FileFacts): AskedFile =>
  ({ format, path, inputs, outputs, preprocessing }) as AskedFile

/** The operator behind the graph, where these are its outputs. */
export const operatorOf = ({ postProcessing }: Pick<DeployableModel, 'postProcessing'>, outputs: Tensors) =>
  postProcessing?.outputs.every(({ name }) => name in outputs) ? postProcessing : null

/** Levels of an 8-bit number that stands for a share of 1. */
const levels = 256
const rounded: readonly (string | null)[] = ['int8', 'dynamic']

export interface SteppedFile {
  readonly outputs: readonly Pick<FileTensor, 'name' | 'affine'>[]
  readonly precision: string | null
}

/**
 * What a level of an answer stands for: as the file says it; a file that computes in 8 bits and answers with floats has shares
 * of 256 levels.
 */
export function stepOf({ outputs, precision }: SteppedFile, name: string): number | null {
  const scale = outputs.find((output) => output.name === name)?.affine?.scale[0]
  return scale ?? (rounded.includes(precision) ? 1 / levels : null)
}

/** @param facts of a file; null: the weights answer. @throws MNAS_ZOO_NO_NUMBERS */
function goldenOutputs(
  path: string,
  answers: readonly Tensors[],
  behind: PostProcessing | null,
  facts: SteppedFile | null,
): Readonly<Record<string, GoldenOutput>> {
  const kept = answers.map((outputs) => keptNumbers(outputs, behind))
  const output = kept.map(outputWithoutNumbers).find((name) => name !== undefined)
  if (output !== undefined) throw verifyErrors.MNAS_ZOO_NO_NUMBERS({ path, output })
  return Object.fromEntries(
    toldOf(kept[0] ?? {}, behind, facts).map((name) => {
      const values = kept.map((numbers) => [...(numbers[name]?.values ?? [])])
      return [name, { step: facts && stepOf(facts, name), length: kept[0]?.[name]?.length ?? 1, values }]
    }),
  )
}

/**
 * The outputs that golden answers hold. A step in a score can let another box win: of a detector in 8 bits only the scores stay
 * within steps.
 */
export const toldOf = (
  kept: Readonly<Record<string, Kept>>,
  behind: PostProcessing | null,
  facts: SteppedFile | null,
): readonly string[] => (behind && rounded.includes(facts?.precision ?? null) ? scoresOf(behind) : Object.keys(kept))

const scoresOf = ({ outputs }: PostProcessing): readonly string[] =>
  outputs.flatMap(({ name, content }) => (content.kind === 'scores' ? [name] : []))
