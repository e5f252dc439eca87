/**
 * Operations on RGB bytes, in place: Pillow's ImageEnhance and ImageOps, which torchvision's ColorJitter and RandAugment are made of.
 * A `factor` of 1 changes nothing; 0 is the degenerate image (black, grey, one grey, blurred), and beyond 1 the difference grows.
 */

/** Uint8ClampedArray's rounding and limits, on an array of bytes. */
const toByte = (value: number) => (value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value))

/** ITU-R 601-2 luma in 16 bits, as Pillow converts to "L". */
const luma = (red: number, green: number, blue: number) => (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16

/** Every byte of a channel through a table of 256. */
function applyTables(pixels: Uint8Array, tables: readonly [Uint8Array, Uint8Array, Uint8Array]): void {
  for (let i = 0; i < pixels.length; i += 3) {
    for (let channel = 0; channel < 3; channel++) pixels[i + channel] = tables[channel]![pixels[i + channel]!]!
  }
}

function applyTable(pixels: Uint8Array, change: (byte: number) => number): void {
  const table = Uint8Array.from({ length: 256 }, (_, byte) => toByte(change(byte)))
  applyTables(pixels, [table, table, table])
}

export function brightness(pixels: Uint8Array, factor: number): void {
  applyTable(pixels, (byte) => byte * factor)
}

/** Away from or towards the mean grey of the picture. */
export function contrast(pixels: Uint8Array, factor: number): void {
  let sum = 0
  for (let i = 0; i < pixels.length; i += 3) sum += luma(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!)
  const mean = Math.floor(sum / (pixels.length / 3) + 0.5)
  applyTable(pixels, (byte) => mean + factor * (byte - mean))
}

/** Away from or towards each pixel's own grey. */
export function saturation(pixels: Uint8Array, factor: number): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!)
    for (let channel = 0; channel < 3; channel++) pixels[i + channel] = toByte(grey + factor * (pixels[i + channel]! - grey))
  }
}

/** Turns the colour wheel. @param turn in turns, −½ … ½ */
export function hue(pixels: Uint8Array, turn: number): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const [red, green, blue] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!]
    const value = Math.max(red, green, blue)
    const chroma = value - Math.min(red, green, blue)
    if (chroma === 0) continue
    const sextant =
      value === red ? (green - blue) / chroma : value === green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma
    // Smith 1978, the three channels by one formula: value − chroma · max(0, min(k, 4 − k, 1))
    for (let channel = 0; channel < 3; channel++) {
      const k = (((([5, 3, 1] as const)[channel]! + sextant + 6 * turn) % 6) + 6) % 6
      pixels[i + channel] = toByte(value - chroma * Math.max(0, Math.min(k, 4 - k, 1)))
    }
  }
}

/** Keeps the upper bits. @param bits 1 … 8 */
export function posterize(pixels: Uint8Array, bits: number): void {
  const mask = 0xff & (0xff << (8 - bits))
  applyTable(pixels, (byte) => byte & mask)
}

/** Inverts what is at least as bright as the threshold. */
export function solarize(pixels: Uint8Array, threshold: number): void {
  applyTable(pixels, (byte) => (byte < threshold ? byte : 255 - byte))
}

/** Stretches each channel to 0 … 255. */
export function autoContrast(pixels: Uint8Array): void {
  const tables = channelTables((histogram) => {
    const low = histogram.findIndex((count) => count > 0)
    const high = histogram.findLastIndex((count) => count > 0)
    return (byte) => (high <= low ? byte : ((byte - low) * 255) / (high - low))
  }, pixels)
  applyTables(pixels, tables)
}

/** Spreads each channel's bytes so that all are about equally frequent. */
export function equalize(pixels: Uint8Array): void {
  const tables = channelTables((histogram) => {
    const used = histogram.filter((count) => count > 0)
    const step = Math.floor((pixels.length / 3 - (used.at(-1) ?? 0)) / 255)
    if (used.length <= 1 || step === 0) return (byte) => byte
    const below = new Float64Array(256)
    for (let byte = 1; byte < 256; byte++) below[byte] = below[byte - 1]! + histogram[byte - 1]!
    return (byte) => Math.floor((below[byte]! + (step >> 1)) / step)
  }, pixels)
  applyTables(pixels, tables)
}

function channelTables(
  tableOf: (histogram: Uint32Array) => (byte: number) => number,
  pixels: Uint8Array,
): [Uint8Array, Uint8Array, Uint8Array] {
  const table = (channel: number) => {
    const histogram = new Uint32Array(256)
    for (let i = channel; i < pixels.length; i += 3) histogram[pixels[i]!]!++
    const change = tableOf(histogram)
    return Uint8Array.from({ length: 256 }, (_, byte) => toByte(change(byte)))
  }
  return [table(0), table(1), table(2)]
}

/** Away from or towards a 3 × 3 blur (centre 5, neighbours 1); the border stays. */
export function sharpness(pixels: Uint8Array, size: number, factor: number): void {
  const original = pixels.slice()
  const row = size * 3
  for (let y = 1; y < size - 1; y++) {
    for (let i = y * row + 3; i < (y + 1) * row - 3; i++) {
      let sum = 4 * original[i]!
      for (let line = i - row; line <= i + row; line += row) sum += original[line - 3]! + original[line]! + original[line + 3]!
      const blurred = Math.floor(sum / 13 + 0.5)
      pixels[i] = toByte(blurred + factor * (original[i]! - blurred))
    }
  }
}
