import { createHash } from 'node:crypto'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Tensor, Tensors, TrainingSession } from '../contracts/index.js'

/** A generator seed that depends on every part: 32 bits of sha256. */
export function seedOf(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(parts.join('\0')).digest().readInt32LE(0)
}

/**
 * Inverted-dropout masks, 0 or 1/(1 − rate), for one step: a pure function of (seed, step, name), so that a resumed training draws the
 * masks an uninterrupted one would have drawn.
 */
export function randomInputs(specs: TrainingSession['randomInputs'], batchSize: number, seed: number, step: number): Tensors {
  const masks: Record<string, Tensor> = {}
  for (const [name, spec] of Object.entries(specs)) {
    const shape = spec.batched ? [batchSize, ...spec.shape] : [...spec.shape]
    const data = new Float32Array(shape.reduce((product, side) => product * side, 1))
    const generator = xoroshiro128plus(seedOf('dropout', seed, step, name))
    const kept = 1 / (1 - spec.rate)
    const threshold = Math.floor(spec.rate * 2 ** 32)
    for (let i = 0; i < data.length; i++) data[i] = generator.next() >>> 0 < threshold ? 0 : kept
    masks[name] = { dtype: 'float32', shape, data }
  }
  return masks
}
