/** A linear map about the centre of a square picture, then a shift in pixels: where an output pixel's value comes from. */
export interface Affine {
  /** x′ = xx·x + xy·y + dx, y′ = yx·x + yy·y + dy. */
  readonly xx: number
  readonly xy: number
  readonly yx: number
  readonly yy: number
  readonly dx: number
  readonly dy: number
}

const unchanged: Affine = { xx: 1, xy: 0, yx: 0, yy: 1, dx: 0, dy: 0 }

export const rotation = (degrees: number): Affine => {
  const [sine, cosine] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)]
  return { ...unchanged, xx: cosine, xy: sine, yx: -sine, yy: cosine }
}
export const shearX = (slope: number): Affine => ({ ...unchanged, xy: slope })
export const shearY = (slope: number): Affine => ({ ...unchanged, yx: slope })
export const shift = (dx: number, dy: number): Affine => ({ ...unchanged, dx, dy })

/** What lies outside the picture: middle grey, as in AutoAugment's code. */
const outside = 128

/** Redraws a picture of size × size RGB bytes through a map, in place, bilinear. */
export function transform(pixels: Uint8Array, size: number, { xx, xy, yx, yy, dx, dy }: Affine): void {
  const original = pixels.slice()
  const centre = (size - 1) / 2
  const at = (x: number, y: number, channel: number) =>
    x < 0 || y < 0 || x >= size || y >= size ? outside : original[(y * size + x) * 3 + channel]!
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = xx * (column - centre) + xy * (row - centre) + centre + dx
      const y = yx * (column - centre) + yy * (row - centre) + centre + dy
      const [left, top] = [Math.floor(x), Math.floor(y)]
      const [right, down] = [x - left, y - top]
      for (let channel = 0; channel < 3; channel++) {
        const upper = (1 - right) * at(left, top, channel) + right * at(left + 1, top, channel)
        const lower = (1 - right) * at(left, top + 1, channel) + right * at(left + 1, top + 1, channel)
        pixels[(row * size + column) * 3 + channel] = Math.round((1 - down) * upper + down * lower)
      }
    }
  }
}
