import type { ModelInput, Preprocessing } from '@mnas/core/contracts'
import { reasonOf } from '@mnas/core/files'
import { chooseView } from './augmentation/augmentation.js'
import { classificationErrors } from './errors.js'
import { whyUnusable } from './folder/look-at-file.js'
import { normalizePixels } from './pixels/normalize-pixels.js'
import { readStored } from './pixels/pixel-source.js'
import { renderView } from './pixels/render-view.js'
import { frameOf, preprocessing, storageSize } from './preprocessing.js'
import { exampleRandom } from './random.js'

/** One image file → `image` with a batch of 1: the pixels of the data set's evaluation batch. @throws MNAS_DATA_IMAGE */
export async function readInput(file: string, inputSize: number, how: Preprocessing = preprocessing): Promise<ModelInput> {
  const unusable = await look(file)
  if (unusable !== undefined) throw classificationErrors.MNAS_DATA_IMAGE({ file, reason: unusable })
  const stored = await readStored(file, storageSize(inputSize, how))
  if ('reason' in stored) throw classificationErrors.MNAS_DATA_IMAGE({ file, reason: stored.reason })
  const pixels = new Uint8Array(inputSize * inputSize * 3)
  const view = chooseView(stored, inputSize, {}, exampleRandom(0, 0, 0))
  renderView(stored, view, inputSize, pixels)
  const data = new Float32Array(pixels.length)
  normalizePixels(pixels, how, data, 0)
  const image = { dtype: 'float32', shape: [1, inputSize, inputSize, 3], data } as const
  return { inputs: { image }, frame: frameOf(stored.upright, stored, view.box) }
}

async function look(file: string): Promise<string | undefined> {
  try {
    return await whyUnusable(file)
  } catch (error) {
    throw classificationErrors.MNAS_DATA_IMAGE({ file, reason: reasonOf(error) }, error)
  }
}
