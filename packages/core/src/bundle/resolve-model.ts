import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Architecture,
  architectureHash,
  architectureNames,
  namedArchitecture,
  parseArchitecture,
} from '../architecture/index.js'
import { coreErrors } from '../errors/index.js'
import { exists, readJson } from '../files/index.js'
import { bundleWeightsPath, isBundle, readBundle } from './bundle-folder.js'
import { bundleErrors } from './errors.js'
import type { ModelBundle } from './model-bundle.js'

/** What a MODEL argument means. `bundle`, `folder` and `weightsPath` are there when trained weights are. */
export interface ResolvedModel {
  readonly kind: 'bundle' | 'run' | 'architecture'
  /** As the user wrote it. */
  readonly argument: string
  readonly architecture: Architecture
  readonly bundle?: ModelBundle
  /** Of the bundle. */
  readonly folder?: string
  readonly weightsPath?: string
  /** Of a run: its folder, and which of its networks it is. */
  readonly run?: { readonly folder: string; readonly candidate: string }
  /** Of a run that searched a front, when none was named: what there is to choose from, each in words. */
  readonly choices?: readonly string[]
}

export type TrainedModel = ResolvedModel & Required<Pick<ResolvedModel, 'bundle' | 'folder' | 'weightsPath'>>

/**
 * Resolves as bundle › run (its best, trained when it was) › architecture file › name (`mnasnet-a1`, `mnasnet-a1@0.5`).
 * @param candidate id of one of a run's networks, instead of its best
 * @throws MNAS_MODEL_…, MNAS_BUNDLE_…, MNAS_ARCHITECTURE_… (an unknown name with the nearest), MNAS_FILE_MISSING
 */
export async function resolveModel(argument: string, candidate?: string): Promise<ResolvedModel> {
  const model = await resolved(argument, candidate)
  if (candidate === undefined || model.kind === 'run') return model
  throw bundleErrors.MNAS_MODEL_CANDIDATE({ model: argument, candidates: [], received: `"${candidate}"` })
}

async function resolved(argument: string, candidate: string | undefined): Promise<ResolvedModel> {
  const kind = await kindOf(argument)
  switch (kind) {
    case 'folder':
      return resolveFolder(argument, candidate)
    case 'file':
      return { kind: 'architecture', argument, architecture: await readArchitecture(argument) }
    case 'nothing':
      if (/[/\\]|\.json$/.test(argument)) throw coreErrors.MNAS_FILE_MISSING({ path: argument, what: 'Model' })
      return { kind: 'architecture', argument, architecture: namedArchitecture(argument) }
    default:
      return kind satisfies never
  }
}

/** @throws MNAS_MODEL_UNTRAINED when there are no trained weights: a run has only proxy results, an architecture none */
export function requireTrained(model: ResolvedModel): TrainedModel {
  const { bundle, folder, weightsPath } = model
  if (bundle && folder && weightsPath) return { ...model, bundle, folder, weightsPath }
  throw bundleErrors.MNAS_MODEL_UNTRAINED({ model: model.argument, kind: model.kind === 'run' ? 'run' : 'architecture' })
}

async function resolveFolder(folder: string, candidate: string | undefined): Promise<ResolvedModel> {
  if (await isBundle(folder)) return trainedModel('bundle', folder, folder, await readBundle(folder))
  if (await exists(join(folder, 'run.json'))) return resolveRun(folder, candidate)
  // A folder that happens to be called like a published network.
  if (architectureNames.includes(folder))
    return { kind: 'architecture', argument: folder, architecture: namedArchitecture(folder) }
  const unfinished = await exists(join(folder, 'local', 'training.json'))
  const hint = unfinished ? 'whose training has not ended (the same "mnas train" command continues it)' : 'that holds neither'
  throw bundleErrors.MNAS_MODEL_FOLDER({ folder, hint })
}

/** A run's best stands in best.json, its front's networks and trained bundles, if any, under models/. */
async function resolveRun(folder: string, candidate: string | undefined): Promise<ResolvedModel> {
  const path = join(folder, 'best.json')
  if (!(await exists(path))) throw bundleErrors.MNAS_MODEL_RUN_EMPTY({ folder })
  const best = (await readJsonModel(path)) as RunBest | null
  const chosen = candidate === undefined ? { path, architecture: best?.architecture } : await candidateOf(folder, candidate)
  const architecture = parseArchitecture(chosen.architecture, `The architecture in ${chosen.path}`)
  const choices = candidate === undefined && best?.front ? { choices: best.front.map(inWords) } : {}
  const id = candidate ?? best?.id
  const run = typeof id === 'string' ? { run: { folder, candidate: id } } : {}
  const trained = await trainedUnder(join(folder, 'models'), architecture)
  if (trained) return { ...trainedModel('run', folder, trained.folder, trained.bundle), ...run, ...choices }
  return { kind: 'run', argument: folder, architecture, ...run, ...choices }
}

/** As a search writes it; `front` where a front was searched. */
interface RunBest {
  readonly id?: unknown
  readonly architecture?: unknown
  readonly front?: readonly FrontNetwork[]
}
interface FrontNetwork {
  readonly id: string
  readonly accuracy: number
  readonly latencyMs: number
}

const inWords = ({ id, accuracy, latencyMs }: FrontNetwork) =>
  `${id} (${(100 * accuracy).toFixed(1)} % in ${latencyMs.toFixed(latencyMs < 10 ? 2 : 1)} ms)`

/** @throws MNAS_MODEL_CANDIDATE */
async function candidateOf(
  folder: string,
  candidate: string,
): Promise<{ readonly path: string; readonly architecture: unknown }> {
  const models = join(folder, 'models')
  const names = (await readdir(models).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  if (names.includes(`${candidate}.json`)) {
    const path = join(models, `${candidate}.json`)
    return { path, architecture: await readJsonModel(path) }
  }
  const candidates = names.map((name) => name.slice(0, -'.json'.length))
  throw bundleErrors.MNAS_MODEL_CANDIDATE({ model: folder, candidates, received: `"${candidate}"` })
}

/** The bundle of the same blocks, at whatever input size and for however many classes it was trained. */
async function trainedUnder(models: string, architecture: Architecture) {
  const names = await readdir(models).catch(() => [])
  for (const name of names.sort()) {
    const folder = join(models, name)
    if (!(await isBundle(folder))) continue
    const bundle = await readBundle(folder)
    if (blocksHash(bundle.architecture) === blocksHash(architecture)) return { folder, bundle }
  }
  return null
}

function blocksHash({ input: _input, ...blocks }: Architecture): string {
  return architectureHash({ ...blocks, input: { size: 224 } })
}

function trainedModel(kind: ResolvedModel['kind'], argument: string, folder: string, bundle: ModelBundle): ResolvedModel {
  return { kind, argument, architecture: bundle.architecture, bundle, folder, weightsPath: bundleWeightsPath(folder) }
}

async function readArchitecture(path: string): Promise<Architecture> {
  if (!path.endsWith('.json')) throw bundleErrors.MNAS_MODEL_FILE({ path, reason: 'its name does not end in .json' })
  return parseArchitecture(await readJsonModel(path), `"${path}"`)
}

async function readJsonModel(path: string): Promise<unknown> {
  const json = await readJson(path, ({ kind, reason, cause }) =>
    kind === 'unreadable'
      ? coreErrors.MNAS_FILE_MISSING({ path, what: `Model (${reason})` }, cause)
      : bundleErrors.MNAS_MODEL_FILE({ path, reason }, cause),
  )
  if (json === null) throw coreErrors.MNAS_FILE_MISSING({ path, what: 'Model' })
  return json
}

async function kindOf(path: string): Promise<'folder' | 'file' | 'nothing'> {
  const found = await stat(path).catch(() => null)
  return found === null ? 'nothing' : found.isDirectory() ? 'folder' : 'file'
}
