import { join } from 'node:path'
import type { ModelInput, Preprocessing } from '@mnas/core/contracts'
import { readPicture } from '@mnas/images/fitting'
import { filesBelow } from '@mnas/images/listing'
import { preprocessing } from './preprocessing.js'

/** One image file → `image` with a batch of 1: the pixels of the data set's exact evaluation batch. @throws MNAS_DATA_IMAGE */
export function readInput(file: string, inputSize: number, how: Preprocessing = preprocessing): Promise<ModelInput> {
  return readPicture(file, inputSize, how)
}

/** All photos below a folder: what systems and tools leave among them does not count. @throws MNAS_DATA_FOLDER */
export async function inputsIn(folder: string): Promise<readonly string[]> {
  return (await filesBelow(folder, '')).map((path) => join(folder, path))
}
