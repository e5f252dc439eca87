import { open, readFile } from 'node:fs/promises'
import type { Surroundings, Tensors, TrainingEngine } from '@mnas/core/contracts'
import { type DeployableModel, findRuntime } from '@mnas/core/deployment'
import type { Registry } from '@mnas/core/plugins'
import { entryLimits } from '../../entry/entry-schema.js'
import { readForeignJson } from '../../entry/read-json.js'
import { type About, type CheckedClaim, judged, notComparable, reasonInWords } from '../claim.js'
import type { EntryFolder } from '../entry-folder.js'
import { verifyErrors } from '../errors.js'
import { askedFile, type SoundModel } from '../files/asked-file.js'
import { exportsOf, pathIn } from '../files/exports-of.js'
import { modelOfFile } from '../files/model-of-file.js'
import { type Agreement, compareAnswers, tolerableSteps, tolerance } from '../golden/compare-answers.js'
import { picturesVersion } from '../golden/draw-picture.js'
import { operatorOf, type SteppedFile, stepOf, toldOf, weightsPath } from '../golden/golden-answers.js'
import { goldenInputsFor } from '../golden/golden-inputs.js'
import { type Golden, type GoldenModel, goldenSchema } from '../golden/golden-schema.js'
import { keptNumbers, outputWithoutNumbers } from '../golden/kept-numbers.js'
import { answersOfFile, answersOfWeights } from '../golden/model-answers.js'

export interface OutputsRequest {
  readonly registry: Registry
  readonly engine: TrainingEngine
  /** Of the engine; 0 = all. */
  readonly threads: number
  readonly around: Surroundings
  /** Paths of files that are not what the entry says: they are not asked. */
  readonly broken: ReadonlySet<string>
}

/**
 * What the weights and every export say of the drawn pictures, each in its own runtime, against the golden answers of the entry.
 * @param sound null: it is broken, and nothing is asked
 */
export async function checkOutputs(
  at: EntryFolder,
  sound: SoundModel | null,
  request: OutputsRequest,
): Promise<readonly CheckedClaim[]> {
  const file = at.entry.files.find(({ role }) => role === 'golden')
  if (!file) return []
  let golden: Golden
  try {
    golden = await readGolden(pathIn(at.folder, file.path), file.path)
  } catch (error) {
    const about = { kind: 'outputs', claim: `answers in ${file.path}`, expected: 'golden answers' } as const
    return [judged(about, reasonInWords(error), false)]
  }
  const inputsOf = goldenInputsFor()
  const rows: CheckedClaim[] = []
  for (const one of golden.models) {
    request.around.signal.throwIfAborted()
    const about = { kind: 'outputs', claim: `answers of ${one.path}`, expected: expectedOf(one) } as const
    rows.push(sound ? await checkModel(at, one, about, sound, inputsOf, request) : notComparable(about, unsound))
  }
  return [...rows, ...unanswered(at, golden)]
}

/** Exports without golden answers, which nothing ran where they were published; weights, which somebody left out. */
function unanswered({ entry }: EntryFolder, { models }: Golden): readonly CheckedClaim[] {
  const answered = new Set(models.map(({ path }) => path))
  return [...entry.files.filter(({ role }) => role === 'weights'), ...exportsOf(entry.files)]
    .filter(({ path }) => !answered.has(path))
    .map(({ path }) => notComparable({ kind: 'outputs', claim: `answers of ${path}`, expected: 'none' }, 'the entry has none'))
}

const unsound = 'its file is not what the entry says'
const mostBytes = 256 * 2 ** 20

/** @throws MNAS_ZOO_GOLDEN */
async function readGolden(place: string, path: string): Promise<Golden> {
  const refuse = (reason: string, cause?: unknown) => verifyErrors.MNAS_ZOO_GOLDEN({ path, reason }, cause)
  try {
    const file = await open(place)
    const { size } = await file.stat().finally(() => file.close())
    if (size > mostBytes) throw new Error(`it has ${size} bytes`)
    const golden = readForeignJson(await readFile(place), { location: 'itself', key: path }, goldenSchema, entryLimits.depth)
    if (golden.pictures === picturesVersion) return golden
    throw new Error(`it is of the pictures of version ${golden.pictures}, and version ${picturesVersion} is drawn here`)
  } catch (error) {
    throw refuse((error as Error).message, error)
  }
}

function expectedOf({ outputs }: GoldenModel): string {
  const steps = Object.values(outputs).some(({ step }) => step !== null)
  const pictures = Object.values(outputs)[0]?.values.length ?? 0
  return `${pictures} drawn pictures within ${steps ? `${tolerableSteps} steps` : `${tolerance} and the same best`}`
}

async function checkModel(
  { folder, entry }: EntryFolder,
  golden: GoldenModel,
  about: About,
  sound: SoundModel,
  inputsOf: (model: DeployableModel) => Promise<readonly Tensors[]>,
  { registry, engine, threads, around, broken }: OutputsRequest,
): Promise<CheckedClaim> {
  const { path } = golden
  const { model } = sound
  if ([...broken].some((one) => one === path || one.startsWith(`${path}/`))) return notComparable(about, unsound)
  // What it is says the entry, and not who wrote its answers down.
  const exported = exportsOf(entry.files).find((one) => one.path === path)
  if (path !== weightsPath && !exported) return judged(about, 'the entry has no such file', false)
  try {
    if (!exported)
      return verdict(about, golden, await answersOfWeights(model, engine, threads, await inputsOf(model)), model, null)
    const { format, precision } = exported
    const runtime = await findRuntime(registry, format, around)
    if (!runtime) return notComparable(about, `nothing here runs ${format} files`)
    const file = await askedFile(folder, exported, sound)
    if (!file) return notComparable(about, unsound)
    const sized = modelOfFile(model, file)
    const answers = await answersOfFile(runtime, file, sized, await inputsOf(sized), around)
    return verdict(about, golden, answers, sized, { outputs: file.outputs, precision })
  } catch (error) {
    return judged(about, reasonInWords(error), false)
  }
}

function verdict(
  about: About,
  golden: GoldenModel,
  answers: readonly Tensors[],
  model: DeployableModel,
  file: SteppedFile | null,
): CheckedClaim {
  const behind = operatorOf(model, answers[0] ?? {})
  const kept = answers.map((outputs) => keptNumbers(outputs, behind))
  const numberless = kept.map(outputWithoutNumbers).find((name) => name !== undefined)
  if (numberless !== undefined) return judged(about, `${numberless}: NaN or infinity`, false)
  const untold = toldOf(kept[0] ?? {}, behind, file).find((name) => !Object.hasOwn(golden.outputs, name))
  if (untold !== undefined) return notComparable(about, `the golden answers leave "${untold}" out`)
  if (Object.values(golden.outputs).every(({ values }) => values.flat().length === 0))
    return notComparable(about, 'the golden answers hold no number')
  const classes = model.task.answers === 'classes'
  const agreements = Object.entries(golden.outputs).map(([name, output]) => ({
    name,
    ...compareAnswers(
      { ...output, step: file && stepOf(file, name) },
      kept.map((numbers) => numbers[name]),
      classes,
    ),
  }))
  return judged(
    about,
    agreements.map(inWords).join('; '),
    agreements.every(({ holds }) => holds),
  )
}

function inWords({ name, worst, unit, sameTop, pictures }: Agreement & { readonly name: string }): string {
  if (!Number.isFinite(worst)) return `${name}: as many numbers as none of the golden answers has`
  const farthest = unit === 'steps' ? `${worst.toFixed(2)} steps` : worst.toExponential(1)
  return `${name}: at most ${farthest} apart${sameTop === null ? '' : `, the same best of ${sameTop} of ${pictures}`}`
}
