import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

export type Random = RandomGenerator

/** What a stream of random numbers is for: streams of one seed must not repeat each other. */
const streams = { order: 1, example: 2, batch: 3 } as const

/** The random numbers of one example in one epoch, whatever its batch, worker or place in the order. */
export function exampleRandom(seed: number, epoch: number, example: number): Random {
  return generator(streams.example, seed, epoch, example)
}

/** The random numbers of one batch in one epoch. */
export function batchRandom(seed: number, epoch: number, index: number): Random {
  return generator(streams.batch, seed, epoch, index)
}

/** The order of an epoch: a permutation of 0 … count − 1 (Fisher–Yates). */
export function epochOrder(seed: number, epoch: number, count: number): Uint32Array {
  const random = generator(streams.order, seed, epoch)
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  shuffle(order, random)
  return order
}

/** The items in random order. */
export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const order = [...items]
  shuffle(order, random)
  return order
}

function shuffle<T>(items: { readonly length: number; [index: number]: T }, random: Random): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last)
    const kept = items[last]!
    items[last] = items[other]!
    items[other] = kept
  }
}

/** Uniform in [low, high). */
export function uniform(random: Random, low: number, high: number): number {
  return low + (high - low) * uniformFloat64(random)
}

/** Uniform in 0 … high, both included. */
export function uniformUpTo(random: Random, high: number): number {
  return uniformInt(random, 0, high)
}

function generator(...parts: readonly number[]): Random {
  const random = xoroshiro128plus(parts.reduce(mix, 0))
  // Its first numbers show the seed's bits.
  for (let skipped = 0; skipped < 8; skipped++) random.next()
  return random
}

/** MurmurHash3's finaliser over a running hash: every bit of every part reaches every bit of the result. */
function mix(hash: number, part: number): number {
  let h = (Math.imul(hash, 31) + (part | 0) + 0x9e3779b9) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) | 0
}
