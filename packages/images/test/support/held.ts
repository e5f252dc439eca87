import sharp, { type Sharp } from 'sharp'

/** EXIF 2.3 §4.6.4: which side of the picture the first stored row and column are, so where pixel (row, column) belongs in W×H. */
export const places: Readonly<
  Record<number, (row: number, column: number, w: number, h: number) => readonly [x: number, y: number]>
> = {
  1: (row, column) => [column, row],
  2: (row, column, w) => [w - 1 - column, row],
  3: (row, column, w, h) => [w - 1 - column, h - 1 - row],
  4: (row, column, _, h) => [column, h - 1 - row],
  5: (row, column) => [row, column],
  6: (row, column, w) => [w - 1 - row, column],
  7: (row, column, w, h) => [w - 1 - row, h - 1 - column],
  8: (row, column, _, h) => [row, h - 1 - column],
}

/** The picture as a camera stores it that is held so that the EXIF value must say `orientation`. */
export async function held(upright: Buffer, orientation: number): Promise<Sharp> {
  const { data, info } = await sharp(upright).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const [width, height] = orientation < 5 ? [info.width, info.height] : [info.height, info.width]
  const stored = Buffer.alloc(data.length)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = places[orientation]!(Math.floor(at / width), at % width, info.width, info.height)
    data.copy(stored, 3 * at, 3 * (y * info.width + x), 3 * (y * info.width + x) + 3)
  }
  return sharp(stored, { raw: { width, height, channels: 3 } }).withMetadata({ orientation })
}
