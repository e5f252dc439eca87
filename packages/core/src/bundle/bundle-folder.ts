import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Tensors } from '../contracts/index.js'
import { coreErrors, isMnasError } from '../errors/index.js'
import {
  exists,
  hashJson,
  type JsonFault,
  jsonText,
  readJson,
  reasonOf,
  removeAbandoned,
  temporaryOf,
  writeAtomic,
} from '../files/index.js'
import { readSafetensors, serializeSafetensors, writeSafetensors } from '../weights/index.js'
import { bundleErrors } from './errors.js'
import { type ModelBundle, parseBundle } from './model-bundle.js'

/** A folder is a bundle exactly when it holds this file. */
const modelFile = (folder: string) => join(folder, 'model.json')
export const bundleWeightsPath = (folder: string): string => join(folder, 'weights.safetensors')
export const bundleExportsFolder = (folder: string): string => join(folder, 'exports')
export const bundleChartsFolder = (folder: string): string => join(folder, 'charts')

export async function isBundle(folder: string): Promise<boolean> {
  return exists(modelFile(folder))
}

/** @throws MNAS_FILE_MISSING, MNAS_BUNDLE_CORRUPT, MNAS_BUNDLE_VERSION, MNAS_ARCHITECTURE_… */
export async function readBundle(folder: string): Promise<ModelBundle> {
  const path = modelFile(folder)
  const json = await readJson(path, ({ kind, reason, cause }: JsonFault) =>
    kind === 'unreadable'
      ? coreErrors.MNAS_FILE_MISSING({ path, what: `Bundle (${reason})` }, cause)
      : bundleErrors.MNAS_BUNDLE_CORRUPT({ path, field: 'the whole file', expected: 'JSON', received: reason }, cause),
  )
  if (json === null) throw coreErrors.MNAS_FILE_MISSING({ path, what: 'Bundle' })
  return parseBundle(json, path)
}

/** @throws MNAS_FILE_MISSING, MNAS_WEIGHTS_… */
export async function loadBundleWeights(folder: string): Promise<Tensors> {
  return (await readSafetensors(bundleWeightsPath(folder))).tensors
}

/**
 * Writes a bundle so that it is there whole or not at all. A new folder is made under a temporary name and renamed. In one that exists already
 * (`train` keeps its `local/` there) model.json goes first and comes last, so that no moment shows old facts about new weights; exports
 * and pictures of another network that was there are removed. Writing again what is there changes nothing.
 * @throws MNAS_FILE_WRITE, MNAS_BUNDLE_CORRUPT when `bundle` itself is not valid
 */
export async function writeBundle(folder: string, bundle: ModelBundle, weights: Tensors): Promise<void> {
  const target = resolve(folder)
  parseBundle(bundle, modelFile(target))
  try {
    if (!(await exists(target))) await createBundle(target, bundle, weights)
    else if (!(await holdsWeights(target, bundle, weights))) await replaceBundle(target, bundle, weights)
    else if (!(await holdsFacts(target, bundle))) await writeAtomic(modelFile(target), modelText(bundle))
  } catch (error) {
    throw isMnasError(error) ? error : coreErrors.MNAS_FILE_WRITE({ path: target, reason: reasonOf(error) }, error)
  }
}

/** Whether the very network is there already, whatever else is said of it: then its exports stay valid. */
async function holdsWeights(folder: string, bundle: ModelBundle, weights: Tensors): Promise<boolean> {
  const [there, bytes] = await Promise.all([
    readBundle(folder).catch(() => null),
    readFile(bundleWeightsPath(folder)).catch(() => Buffer.alloc(0)),
  ])
  const same = there !== null && hashJson(networkOf(there)) === hashJson(networkOf(bundle))
  return same && bytes.equals(serializeSafetensors(weights, weightsMetadata(bundle)))
}

/** What a file that was made of a bundle depends on, beside the weights. */
const networkOf = ({ name, architecture, task, labels, preprocessing }: ModelBundle) => ({
  ...{ name, architecture, task, labels, preprocessing },
})

const holdsFacts = async (folder: string, bundle: ModelBundle): Promise<boolean> =>
  (await readFile(modelFile(folder), 'utf8').catch(() => '')) === modelText(bundle)

const modelText = (bundle: ModelBundle) => jsonText(bundle)
const weightsMetadata = (bundle: ModelBundle) => ({ model: bundle.name })

async function createBundle(target: string, bundle: ModelBundle, weights: Tensors): Promise<void> {
  await removeAbandoned(target)
  const temporary = temporaryOf(target)
  try {
    await writeFiles(temporary, bundle, weights)
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    throw error
  }
}

async function replaceBundle(target: string, bundle: ModelBundle, weights: Tensors): Promise<void> {
  await rm(modelFile(target), { force: true })
  await rm(bundleExportsFolder(target), { recursive: true, force: true })
  await rm(bundleChartsFolder(target), { recursive: true, force: true })
  await writeFiles(target, bundle, weights)
}

async function writeFiles(folder: string, bundle: ModelBundle, weights: Tensors): Promise<void> {
  await mkdir(bundleExportsFolder(folder), { recursive: true })
  await writeSafetensors(bundleWeightsPath(folder), weights, weightsMetadata(bundle))
  await writeAtomic(modelFile(folder), modelText(bundle))
}
