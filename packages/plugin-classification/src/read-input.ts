import type { ModelInput, Preprocessing } from '@mnas/core/contracts'
import { readPicture } from '@mnas/images/fitting'
import { preprocessing } from './preprocessing.js'

/** One image file → `image` with a batch of 1: the pixels of the data set's exact evaluation batch. @throws MNAS_DATA_IMAGE */
export function readInput(file: string, inputSize: number, how: Preprocessing = preprocessing): Promise<ModelInput> {
  return readPicture(file, inputSize, how)
}
