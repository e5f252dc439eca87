import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resampler } from '#internal/resampling/node-resampler.js'
import { Resampler, type Scaling } from '#internal/resampling/resampler.js'
import { resampleReference } from './support/resample-reference.js'

const between = (min: number, max: number) => fc.integer({ min, max })

/** A box within width × height. */
const boxIn = ({ width, height }: { readonly width: number; readonly height: number }) =>
  fc.record({ left: between(0, width - 1), top: between(0, height - 1) }).chain(({ left, top }) =>
    fc.record({
      left: fc.constant(left),
      top: fc.constant(top),
      width: between(1, width - left),
      height: between(1, height - top),
    }),
  )
const sizes = (most: number) => fc.record({ width: between(1, most), height: between(1, most) })

interface Case {
  readonly image: { readonly width: number; readonly height: number }
  readonly scaling: Scaling
  readonly seed: number
  readonly contrast: 'noise' | 'black and white' | 'white'
}
const cases: fc.Arbitrary<Case> = fc.record({ image: sizes(60), to: sizes(40) }).chain(({ image, to }) =>
  fc.record({
    image: fc.constant(image),
    scaling: fc.record({ from: boxIn(image), to: fc.constant(to), part: boxIn(to), mirrored: fc.boolean() }),
    seed: fc.integer(),
    contrast: fc.constantFrom('noise', 'black and white', 'white'),
  }),
)

function pixelsOf({ image, seed, contrast }: Case): Uint8Array {
  const noise = (at: number) => Math.imul(Math.imul(at + 1, 2654435761) ^ seed, 2246822519) >>> 24
  const value = { noise, 'black and white': (at: number) => (noise(at) < 128 ? 0 : 255), white: () => 255 }[contrast]
  return Uint8Array.from({ length: image.width * image.height * 3 }, (_, at) => value(at))
}

const withPixels = (one: Case) => ({ ...one.image, pixels: pixelsOf(one) })

function resampled(one: Case): Uint8Array {
  resampler.sourcePixels(one.image).set(pixelsOf(one))
  return Uint8Array.from(resampler.resample(one.image, one.scaling))
}

const whole = { left: 0, top: 0 }
const scale = (width: number, height: number, to: number, more: Partial<Scaling> = {}): Case => ({
  image: { width, height },
  scaling: { from: { ...whole, width, height }, to: { width: to, height: to }, ...more },
  seed: 1,
  contrast: 'noise',
})

describe('the resampling kernel', () => {
  it('gives the bytes of the plain arithmetic, whatever the sizes', () => {
    fc.assert(
      fc.property(cases, (one) => {
        expect(resampled(one)).toEqual(resampleReference(withPixels(one), one.scaling))
      }),
      {
        numRuns: 1500,
        examples: [
          [scale(15, 15, 7)], // centres that rounding puts beside a half
          [scale(1, 1, 30)],
          [scale(30, 30, 1)],
          [scale(500, 3, 2)],
          [scale(3, 500, 2)],
          [scale(64, 64, 64, { mirrored: true })],
          [{ ...scale(47, 41, 20), contrast: 'white' }],
        ],
      },
    )
  })

  it('gives a part as it is in the whole', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { to, part } = { part: { ...whole, ...one.scaling.to }, ...one.scaling }
        const { from } = one.scaling
        const all = resampled({ ...one, scaling: { from, to } })
        const rows = Array.from({ length: part.height }, (_, y) => {
          const start = ((part.top + y) * to.width + part.left) * 3
          return [...all.subarray(start, start + part.width * 3)]
        })
        expect([...resampled({ ...one, scaling: { from, to, part } })]).toEqual(rows.flat())
      }),
    )
  })

  it('is right after a large image grew its memory, and before', () => {
    const small = scale(20, 10, 16)
    const expected = resampleReference(withPixels(small), small.scaling)
    expect(resampled(small)).toEqual(expected)
    const large = scale(1000, 600, 4)
    expect(resampled(large)).toEqual(resampleReference(withPixels(large), large.scaling))
    expect(resampled(small)).toEqual(expected)
  })
})

describe('normalising', () => {
  it('gives the float nearest to (byte − mean) / std, per channel, where it is asked to', () => {
    const number = fc.double({ min: 0.1, max: 255, noNaN: true })
    const numbers = fc.tuple(number, number, number)
    fc.assert(
      fc.property(numbers, numbers, fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(5), (mean, std, bytes, offset) => {
        const pixels = Uint8Array.from({ length: 3 * bytes.length }, (_, at) => bytes[(at * 7) % bytes.length]!)
        const target = new Float32Array(pixels.length + 9).fill(7)
        resampler.normalize(pixels, { mean, std }, target, offset)
        const expected = new Float32Array(target.length).fill(7)
        expected.set(
          [...pixels].map((byte, at) => (byte - mean[at % 3]!) / std[at % 3]!),
          offset,
        )
        expect(target).toEqual(expected)
      }),
    )
  })
})

describe('the resampler', () => {
  it('needs nothing of Node: a page loads the same files and compiles the kernel as it likes', async () => {
    const seen = new Map<string, string>()
    const follow = (file: URL): void => {
      if (seen.has(file.href)) return
      const text = readFileSync(file, 'utf8')
      seen.set(file.href, text)
      for (const [, specifier] of text.matchAll(/from '([^']+)'/g)) {
        if (!specifier!.startsWith('.')) throw new Error(`${file.pathname} imports ${specifier}`)
        follow(new URL(specifier!, file))
      }
    }
    follow(new URL('../dist/resampling/resampler.js', import.meta.url))
    expect(seen.size).toBeGreaterThan(2)
    for (const [file, text] of seen) expect([file, /\b(?:Buffer|process|require|node:)/.test(text)]).toEqual([file, false])
    const module = await WebAssembly.compile(readFileSync(new URL('../dist/kernel.wasm', import.meta.url)))
    const other = new Resampler(module)
    const image = { width: 4, height: 2 }
    const scaling = { from: { left: 0, top: 0, ...image }, to: { width: 2, height: 1 } }
    const pixels = Uint8Array.from({ length: 24 }, (_, at) => 10 * at)
    resampler.sourcePixels(image).set(pixels)
    expect([...other.resample(image, scaling, pixels)]).toEqual([...resampler.resample(image, scaling)])
  })
})

declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> }
