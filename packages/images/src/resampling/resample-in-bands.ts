import type { Size } from '@mnas/core/contracts'
import type { Resampler, Scaling } from './resampler.js'

/** Source pixels in the resampler's memory at once: what it takes it keeps. */
const mostAtOnce = 2 ** 24

/** As `resample`, of a picture of any size: a large one passes through the resampler's memory in bands of rows. */
export function resampleInBands(
  resampler: Resampler,
  picture: Size & { readonly pixels: Uint8Array },
  { part, ...scaling }: Omit<Scaling, 'mirrored'> & Required<Pick<Scaling, 'part'>>,
): Uint8Array {
  const { from, to } = scaling
  const rows = Math.max(1, Math.floor((mostAtOnce / picture.width) * (to.height / from.height)))
  const pixels = new Uint8Array(3 * part.width * part.height)
  for (let top = 0; top < part.height; top += rows) {
    const band = { ...part, top: part.top + top, height: Math.min(rows, part.height - top) }
    pixels.set(resampler.resample(picture, { ...scaling, part: band }, picture.pixels), 3 * part.width * top)
  }
  return pixels
}
