import type { AskedFile, FileStructure } from '@mnas/core/contracts'
import { type DeployableModel, factsBeside } from '@mnas/core/deployment'
import { type EntryExport, pathIn } from './exports-of.js'

/** The model of an entry, and those of its exports that are of it, by path: what may be run. */
export interface SoundModel {
  readonly model: DeployableModel
  readonly structures: ReadonlyMap<string, FileStructure>
}

/**
 * A file of an entry as whoever runs it has to know it: what it takes and gives it says itself; how its pixels are normalised
 * stands in the facts beside it, else they are the model's.
 * @returns null: nothing here can read it, or it is not of the model
 */
export async function askedFile(
  folder: string,
  { path, format }: Pick<EntryExport, 'path' | 'format'>,
  { model, structures }: SoundModel,
): Promise<AskedFile | null> {
  const structure = structures.get(path)
  if (!structure) return null
  const file = { path: pathIn(folder, path), format }
  const { preprocessing } = model
  const { mean, std } = (await factsBeside(file))?.preprocessing ?? preprocessing
  const { inputs, outputs } = structure
  return { ...file, inputs, outputs, preprocessing: { ...preprocessing, mean, std } }
}
