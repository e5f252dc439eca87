import { rm } from 'node:fs/promises'
import type { Calibration, JsonObject } from '@mnas/core/contracts'
import { writeAtomic } from '@mnas/core/files'
import type { TfliteModel } from '../flatbuffer/model.js'
import { modelTensors } from '../flatbuffer/model-tensors.js'
import { writeModel } from '../flatbuffer/write-model.js'
import type { Candidate } from './recipe.js'

export interface ChosenFile {
  readonly model: TfliteModel
  readonly bytes: Uint8Array
  /** Of the candidate, and by what it was chosen; null: there was nothing to choose. */
  readonly recipe: JsonObject | null
}

/**
 * Of several ways to write a model the one whose file answers nearest to the model, on the images of the calibration: what a range or a
 * correction is worth only the whole network's answer tells. Each is written beside `path` for as long as it is asked.
 * @param candidates the first is taken where no file can be run here, and on drawn images, which say nothing of photos
 */
export async function nearestFile(
  candidates: readonly [Candidate, ...Candidate[]],
  calibration: Calibration | undefined,
  path: string,
): Promise<ChosenFile> {
  const [first] = candidates
  const written = ({ model }: Candidate) => {
    const made = model()
    return { model: made, bytes: writeModel(made) }
  }
  if (!calibration || (candidates.length === 1 && Object.keys(first.recipe).length === 0))
    return { ...written(first), recipe: null }
  const { images, synthetic } = calibration
  const untried = { ...first.recipe, images, tried: 0 }
  if (candidates.length === 1 || synthetic) return { ...written(first), recipe: untried }
  let best: (ChosenFile & { readonly distance: number }) | null = null
  for (const candidate of candidates) {
    const file = written(candidate)
    const distance = await distanceOf(file, calibration, path)
    if (distance === null) return { ...file, recipe: untried }
    const recipe = { ...candidate.recipe, images, distance, tried: candidates.length }
    if (best === null || distance < best.distance) best = { ...file, distance, recipe }
  }
  return best!
}

/** Written beside `path` for as long as it is asked. @returns null where nothing here runs files */
export async function distanceOf(
  { bytes, model }: Pick<ChosenFile, 'bytes' | 'model'>,
  { distance }: Calibration,
  path: string,
): Promise<number | null> {
  const trial = `${path}.trial`
  try {
    await writeAtomic(trial, bytes)
    return await distance({ format: 'tflite', path: trial, ...modelTensors(model) })
  } finally {
    await rm(trial, { force: true })
  }
}
