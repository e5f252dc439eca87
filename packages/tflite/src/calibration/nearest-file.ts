import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Calibration, JsonObject, ModelFile } from '@mnas/core/contracts'
import { writeAtomic } from '@mnas/core/files'
import type { TfliteModel } from '../flatbuffer/model.js'
import { modelTensors } from '../flatbuffer/model-tensors.js'
import { writeModel } from '../flatbuffer/write-model.js'
import type { Candidate } from './candidates.js'

export interface ChosenFile {
  readonly model: TfliteModel
  /** Of the candidate, and by what it was chosen; null: there was nothing to choose. */
  readonly recipe: JsonObject | null
}

/** A file for as long as it is asked, in a folder of its own: others may write the same model to the same place meanwhile. */
export interface Trial extends Pick<ModelFile, 'preprocessing'> {
  /** Of the file that is written in the end, without a folder. */
  readonly name: string
}

/**
 * Of several ways to write a model the one whose file answers nearest to the model, on the images of the calibration: what a range or a
 * correction is worth only the whole network's answer tells.
 * @param candidates the first is taken where no file can be run here, and on drawn images, which say nothing of photos
 */
export async function nearestFile(
  candidates: readonly [Candidate, ...Candidate[]],
  calibration: Calibration | undefined,
  trial: Trial,
): Promise<ChosenFile> {
  const [first] = candidates
  if (!calibration || (candidates.length === 1 && Object.keys(first.recipe).length === 0))
    return { model: await first.model(), recipe: null }
  const { images, synthetic } = calibration
  const untried = { ...first.recipe, images, tried: 0 }
  if (candidates.length === 1 || synthetic) return { model: await first.model(), recipe: untried }
  const among = async (some: readonly Candidate[]): Promise<readonly TriedFile[] | null> => {
    const tried: TriedFile[] = []
    for (const candidate of some) {
      const model = await candidate.model()
      const distance = await distanceOf(model, calibration, trial)
      if (distance === null) return null
      tried.push({ candidate, model, distance })
    }
    return tried
  }
  const tried = await among(candidates)
  if (tried === null) return { model: await first.model(), recipe: untried }
  const variants = (await among(nearest(tried).candidate.variants ?? [])) ?? []
  const { candidate, model, distance } = nearest([...tried, ...variants])
  return { model, recipe: { ...candidate.recipe, images, distance, tried: tried.length + variants.length } }
}

interface TriedFile {
  readonly candidate: Candidate
  readonly model: TfliteModel
  readonly distance: number
}

/** Of equals the first. */
const nearest = (tried: readonly TriedFile[]): TriedFile =>
  tried.reduce((best, one) => (one.distance < best.distance ? one : best))

/** @returns null where nothing here runs files */
export async function distanceOf(
  model: TfliteModel,
  { distance }: Calibration,
  { name, preprocessing }: Trial,
): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-trial-'))
  try {
    const path = join(folder, name)
    await writeAtomic(path, writeModel(model))
    return await distance({ format: 'tflite', path, preprocessing, ...modelTensors(model) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
