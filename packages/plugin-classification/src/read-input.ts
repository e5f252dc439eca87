import type { ModelInput, Preprocessing } from '@mnas/core/contracts'
import { reasonOf } from '@mnas/core/files'
import { imagesErrors } from '@mnas/images'
import { readStored } from '@mnas/images/decoding'
import { centreBox, cropFrame, storageSize } from '@mnas/images/geometry'
import { renderView, resampler } from '@mnas/images/resampling'
import { whyUnusable } from '@mnas/images/scanning'
import { preprocessing } from './preprocessing.js'

/** One image file → `image` with a batch of 1: the pixels of the data set's evaluation batch. @throws MNAS_DATA_IMAGE */
export async function readInput(file: string, inputSize: number, how: Preprocessing = preprocessing): Promise<ModelInput> {
  const unusable = await look(file)
  if (unusable !== undefined) throw imagesErrors.MNAS_DATA_IMAGE({ file, reason: unusable })
  const stored = await readStored(file, storageSize(inputSize, how))
  if ('reason' in stored) throw imagesErrors.MNAS_DATA_IMAGE({ file, reason: stored.reason })
  const pixels = new Uint8Array(inputSize * inputSize * 3)
  const box = centreBox(stored, inputSize, inputSize)
  renderView(stored, { box, mirrored: false }, inputSize, pixels)
  const data = new Float32Array(pixels.length)
  resampler.normalize(pixels, how, data, 0)
  const image = { dtype: 'float32', shape: [1, inputSize, inputSize, 3], data } as const
  return { inputs: { image }, frame: cropFrame(stored.upright, stored, box) }
}

async function look(file: string): Promise<string | undefined> {
  try {
    return await whyUnusable(file)
  } catch (error) {
    throw imagesErrors.MNAS_DATA_IMAGE({ file, reason: reasonOf(error) }, error)
  }
}
