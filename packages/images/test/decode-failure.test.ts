import { describe, expect, it } from 'vitest'
import { decodeFailure } from '#internal/decoding/decode-image.js'

describe('the reason why a picture cannot be decoded', () => {
  it('is the decoder’s, on one line, each said once', () => {
    expect(decodeFailure(new Error('VipsJpeg: premature end\n  VipsJpeg:  premature end\nread error\n'))).toBe(
      'VipsJpeg: premature end, read error',
    )
  })

  it('is a plain word where another picture took the decoder’s text', () => {
    expect(decodeFailure(new Error('Unknown error'))).toBe('its data is corrupt')
    expect(decodeFailure(new Error('VipsOperation: read gives data error, failOn: error'))).toBe('its data is corrupt')
  })
})
