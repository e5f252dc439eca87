import { jsonText, nonJsonNumber } from '@mnas/core/files'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('jsonText', () => {
  it('is what JSON.stringify writes, read back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: true }), (value) => {
        expect(jsonText(value)).toBe(`${JSON.stringify(value, null, 2)}\n`)
        expect(jsonText(value, 0)).toBe(JSON.stringify(value))
        expect(nonJsonNumber(value)).toBeNull()
      }),
    )
  })

  it.each([
    [{ history: [{ metrics: { loss: Number.NaN } }] }, 'history.0.metrics.loss of NaN'],
    [[1, Number.NEGATIVE_INFINITY], '1 of -Infinity'],
    [Number.POSITIVE_INFINITY, 'a number of Infinity'],
  ])('names the number in %j that JSON would make null of', (value, place) => {
    expect(() => jsonText(value)).toThrow(place)
    expect(() => jsonText(value)).toThrow(expect.objectContaining({ code: 'MNAS_INTERNAL' }))
  })
})
