import { join } from 'node:path'
import { decoded } from '../decoding/file-source.js'
import type { ImageFiles } from '../decoding/image-files.js'
import type { PixelSource } from '../decoding/pixel-source.js'
import { cutBox } from '../decoding/stored-image.js'
import { wholePicture } from '../decoding/whole-picture.js'
import { pathAt } from '../listing/path-table.js'
import { resampler } from '../resampling/node-resampler.js'
import { resampleInBands } from '../resampling/resample-in-bands.js'
import { placingOf } from './placing.js'

/**
 * Decodes pictures exactly, as large as they stand in an input of that size under their fit: the pixels of readPicture, without
 * what a letterbox has around them.
 */
export function fittedSource({ folder, paths, preprocessing }: ImageFiles, inputSize: number): PixelSource {
  return {
    read: (image, choose) =>
      decoded(join(folder, pathAt(paths, image)), async (bytes) => {
        const photo = await wholePicture(bytes)
        const { from, to, part } = placingOf(photo, inputSize, preprocessing.fit)
        const pixels = resampleInBands(resampler, photo, { from, to, part })
        const stored = { width: part.width, height: part.height }
        return cutBox({ ...stored, pixels }, choose(stored))
      }),
    close: () => undefined,
  }
}
