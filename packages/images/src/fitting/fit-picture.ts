import type { Fit, Frame, Size } from '@mnas/core/contracts'
import { resampleInBands } from '../resampling/resample-in-bands.js'
import type { Resampler } from '../resampling/resampler.js'
import { frameOf, placingOf } from './placing.js'

/**
 * An upright photo as the input of a model, in one resampling. Whole numbers throughout: the same bytes on every machine.
 * @param photo with its RGB bytes
 * @param target written, inputSize · inputSize · 3 RGB bytes
 */
export function fitPicture(
  resampler: Resampler,
  photo: Size & { readonly pixels: Uint8Array },
  inputSize: number,
  fit: Fit,
  target: Uint8Array,
): Frame {
  const placing = placingOf(photo, inputSize, fit)
  const { part, left, top } = placing
  if (fit.kind === 'letterbox') for (let at = 0; at < target.length; at++) target[at] = fit.fill[at % 3]!
  const pixels = resampleInBands(resampler, photo, placing)
  for (let row = 0; row < part.height; row++) {
    const line = pixels.subarray(3 * row * part.width, 3 * (row + 1) * part.width)
    target.set(line, 3 * ((top + row) * inputSize + left))
  }
  return frameOf(photo, placing)
}
