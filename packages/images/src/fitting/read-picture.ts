import { readFile } from 'node:fs/promises'
import type { ModelInput, Preprocessing } from '@mnas/core/contracts'
import { reasonOf } from '@mnas/core/files'
import { decodeFailure } from '../decoding/decode-image.js'
import { wholePicture } from '../decoding/whole-picture.js'
import { imagesErrors } from '../errors.js'
import { resampler } from '../resampling/node-resampler.js'
import { whyUnusable } from '../scanning/look-at-file.js'
import { fitPicture } from './fit-picture.js'

/**
 * One image file → `image` [1, inputSize, inputSize, 3], decoded exactly, fitted and normalised, and the way back to the photo.
 * @throws MNAS_DATA_IMAGE
 */
export async function readPicture(file: string, inputSize: number, { fit, mean, std }: Preprocessing): Promise<ModelInput> {
  const unusable = await naming(file, async () => whyUnusable(file), reasonOf)
  if (unusable !== undefined) throw imagesErrors.MNAS_DATA_IMAGE({ file, reason: unusable })
  const bytes = await naming(file, () => readFile(file), reasonOf)
  const photo = await naming(file, () => wholePicture(bytes), decodeFailure)
  const pixels = new Uint8Array(3 * inputSize * inputSize)
  const frame = fitPicture(resampler, photo, inputSize, fit, pixels)
  const data = new Float32Array(pixels.length)
  resampler.normalize(pixels, { mean, std }, data, 0)
  return { inputs: { image: { dtype: 'float32', shape: [1, inputSize, inputSize, 3], data } }, frame }
}

async function naming<T>(file: string, work: () => Promise<T>, reason: (error: unknown) => string): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw imagesErrors.MNAS_DATA_IMAGE({ file, reason: reason(error) }, error)
  }
}
