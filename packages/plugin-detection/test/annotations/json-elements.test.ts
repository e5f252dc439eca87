import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonElements } from '#internal/annotations/json-elements.js'

/** @param sizes of the chunks, over and over */
function read(text: string, sizes: readonly number[] = [7]) {
  const taken: [array: string, element: unknown][] = []
  const elements = new JsonElements((array, element) => taken.push([array, element]))
  const bytes = new TextEncoder().encode(text)
  for (let at = 0, chunk = 0; at < bytes.length; chunk++) {
    const size = sizes[chunk % sizes.length]!
    elements.write(bytes.slice(at, at + size))
    at += size
  }
  return { taken, rest: elements.end() }
}

describe('elements of a JSON text', () => {
  it('are handed over one by one, wherever it is cut into chunks, and the rest is left', () => {
    const value = fc.record({
      images: fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      a: fc.jsonValue(),
      'b"\\[{': fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
    })
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(value, sizes, fc.constantFrom(0, 1), (whole, chunks, indent) => {
        const text = JSON.stringify(whole, null, indent)
        const parsed = JSON.parse(text)
        const { taken, rest } = read(text, chunks)
        expect(taken.filter(([array]) => array === 'images').map(([, element]) => element)).toEqual(parsed.images)
        expect(taken.filter(([array]) => array === 'b\\"\\\\[{').map(([, element]) => element)).toEqual(parsed['b"\\[{'])
        expect(rest).toMatchObject({ images: parsed.images.map(() => 0) })
      }),
    )
  })

  it('are those of the outermost array too', () => {
    expect(read('[{"a": [{"b": 1}]}, 2, {}]')).toEqual({
      taken: [
        ['', { a: [{ b: 1 }] }],
        ['', {}],
      ],
      rest: [0, 2, 0],
    })
  })

  it('are read behind a byte order mark, with letters of several bytes at the border of chunks', () => {
    expect(read('\uFEFF{"images": [{"name": "Bär 🐻"}], "é": "ü"}', [1])).toEqual({
      taken: [['images', { name: 'Bär 🐻' }]],
      rest: { images: [0], é: 'ü' },
    })
  })

  it.each([
    '',
    '{',
    '{"images": [{"a": 1}',
    '{"images": [{"a": 1}}',
    '{"images": [{"a": 1} {"a": 2}]}',
    '{"images": [{"a": ]}]}',
    '[{}]]',
    '{"a": 1}}',
  ])('are an error where the text is no JSON: %s', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
    expect(() => read(text)).toThrow(SyntaxError)
  })

  it('never end otherwise than V8 does', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"images"', ':', ',', ' ', '1', '"\\""', '"[{"', '{"images":[', '{"a":1}')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        let parsed: unknown
        try {
          parsed = JSON.parse(text)
        } catch {
          expect(() => read(text)).toThrow(SyntaxError)
          return
        }
        expect(() => read(text)).not.toThrow()
        expect(typeof read(text).rest).toBe(typeof parsed)
      }),
      { numRuns: 2000 },
    )
  })
})
