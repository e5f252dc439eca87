import { basename, join, resolve } from 'node:path'
import { bundleErrors, type ResolvedModel, requireTrained, resolveModel } from '../../bundle/index.js'
import type { DataPlace } from '../../contracts/index.js'
import { parseStages } from '../../training/index.js'
import { workflowErrors } from '../errors.js'
import { readTrainingSettings } from './train-settings.js'
import type { TrainingStart } from './training-start.js'

/** As much of the command line of `mnas train` as decides what is trained from where to where. */
export interface TrainingWish {
  readonly data?: string | undefined
  readonly classFolders?: DataPlace['classFolders'] | undefined
  readonly init?: string | undefined
  /** Id of one of a run's networks. */
  readonly candidate?: string | undefined
  readonly freeze?: string | undefined
  readonly continue?: boolean
  readonly epochs?: number | undefined
  readonly out?: string | undefined
}

export interface WhatToTrain {
  readonly model: ResolvedModel
  readonly start?: TrainingStart
  readonly data: DataPlace
  /** The bundle's folder. */
  readonly out: string
}

/**
 * MODEL, or the bundle of --init, with everything that was left out filled in.
 * @throws MNAS_TRAIN_MODEL, MNAS_DATA_UNSAID, MNAS_TRAIN_FREEZE, and what resolving a model throws
 */
export async function whatToTrain(argument: string | undefined, wish: TrainingWish): Promise<WhatToTrain> {
  if (argument !== undefined && wish.init !== undefined) throw workflowErrors.MNAS_TRAIN_MODEL({ received: 'both' })
  const name = argument ?? wish.init
  if (name === undefined) throw workflowErrors.MNAS_TRAIN_MODEL({ received: 'neither' })
  const found = await resolveModel(name, wish.candidate)
  if (wish.continue) return continued(found, wish)
  const { out, init, freeze } = wish
  if (wish.data === undefined) throw workflowErrors.MNAS_DATA_UNSAID({ model: name })
  const data = placeOf(wish.data, wish.classFolders)
  const [modelName, dataName] = [basename(resolve(name)), nameOf(data.folder)]
  if (found.choices) throw bundleErrors.MNAS_MODEL_CANDIDATE({ model: name, candidates: found.choices, received: 'none' })
  if (init === undefined) return { model: found, data, out: out ?? join('models', bundleName(modelName, dataName)) }
  const model = requireTrained(found)
  const frozen = freeze === undefined ? [] : parseStages(freeze, model.architecture)
  return { model, start: { kind: 'init', model, frozen }, data, out: out ?? join('models', `${modelName}-${dataName}`) }
}

async function continued(found: ResolvedModel, { data, classFolders, epochs, out }: TrainingWish): Promise<WhatToTrain> {
  const model = requireTrained(found)
  const recorded = (await readTrainingSettings(model.folder))?.data
  const folder = data ?? recorded?.folder
  if (folder === undefined) throw workflowErrors.MNAS_DATA_UNSAID({ model: model.argument })
  const known = placeOf(folder, classFolders ?? recorded?.classFolders)
  const start = { kind: 'continue', model, ...(epochs !== undefined && { moreEpochs: epochs }) } as const
  return { model, start, data: known, out: out ?? `${model.folder.replace(/[/\\]+$/, '')}-continued` }
}

const placeOf = (folder: string, classFolders: DataPlace['classFolders']): DataPlace => ({
  folder,
  ...(classFolders && { classFolders }),
})

/** Of a file that names images, without its ending: `lists/train.txt` → `train`. */
const nameOf = (data: string) => basename(resolve(data)).replace(/\.(json|ya?ml|txt)$/i, '')

/** `my-network.json` on `photos` → `my-network-photos`; the run `photos` on `photos` → `photos`. */
function bundleName(model: string, data: string): string {
  const name = model.replace(/\.json$/, '')
  return name === data ? name : `${name}-${data}`
}
