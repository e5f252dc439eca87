import type { Preprocessing } from '@mnas/core/contracts'

/** Bytes → (byte − mean) / std per channel, float32 at `offset`. */
export function normalizePixels(
  pixels: Uint8Array,
  { mean, std }: Pick<Preprocessing, 'mean' | 'std'>,
  target: Float32Array,
  offset: number,
): void {
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte - mean[channel]!) / std[channel]!),
  ) as [Float32Array, Float32Array, Float32Array]
  for (let i = 0; i < pixels.length; i += 3) {
    target[offset + i] = red[pixels[i]!]!
    target[offset + i + 1] = green[pixels[i + 1]!]!
    target[offset + i + 2] = blue[pixels[i + 2]!]!
  }
}
