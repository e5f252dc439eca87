import type { Preprocessing } from '@mnas/core/contracts'
import { kernel, layOut, view } from './kernel.js'

/** Bytes → (byte − mean) / std per channel, float32 at `offset`. */
export function normalizePixels(
  pixels: Uint8Array,
  { mean, std }: Pick<Preprocessing, 'mean' | 'std'>,
  target: Float32Array,
  offset: number,
): void {
  const tables = new Float32Array(3 * 256)
  for (let at = 0; at < tables.length; at++) tables[at] = ((at & 255) - mean[at >> 8]!) / std[at >> 8]!
  const [source, tablesAt, result] = layOut(pixels.length, tables.byteLength, 4 * pixels.length) as [number, number, number]
  view(source, pixels.length).set(pixels)
  new Float32Array(kernel.memory.buffer, tablesAt, tables.length).set(tables)
  kernel.lookUp(source, pixels.length / 3, tablesAt, result)
  target.set(new Float32Array(kernel.memory.buffer, result, pixels.length), offset)
}
