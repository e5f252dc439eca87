import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkPicture, undecoded } from '../src/try/worker/check-picture.js'

const codeOf = (check: () => void): string => {
  try {
    check()
    return 'none'
  } catch (error) {
    return (error as { readonly code: string }).code
  }
}
const bytesOf = (data: Uint8Array) => Uint8Array.from(data)

describe('a picture before it is decoded', () => {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#abc' } })
  let jpeg: Buffer
  beforeAll(async () => {
    jpeg = await picture.clone().jpeg().toBuffer()
  })

  it('is taken when browsers and mnas decode it alike', async () => {
    const files = [jpeg, await picture.clone().png().toBuffer(), await picture.clone().webp().toBuffer()]
    for (const file of files) expect(codeOf(() => checkPicture(bytesOf(file), 'x'))).toBe('none')
  })

  it('is named when they do not', async () => {
    const files = [
      await picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
      await picture.clone().toColourspace('rgb16').png().toBuffer(),
    ]
    for (const file of files) expect(codeOf(() => checkPicture(bytesOf(file), 'x'))).toBe('MNAS_PAGE_OTHERWISE')
  })

  it('is refused with a code of the catalogues, whatever the bytes are', () => {
    const codes = ['none', 'MNAS_DATA_IMAGE', 'MNAS_PAGE_OTHERWISE']
    const file = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat({ max: jpeg.length - 1 }), fc.nat({ max: 255 })).map(([at, value]) => {
        const changed = bytesOf(jpeg)
        changed[at] = value
        return changed
      }),
    )
    const named = (bytes: Uint8Array) => {
      expect(codes).toContain(codeOf(() => checkPicture(bytesOf(bytes), 'x')))
    }
    fc.assert(fc.property(file, named))
  })

  it('that a browser gives up on is damaged, or of a kind that it does not know', async () => {
    expect(undecoded(bytesOf(jpeg), 'x', null)).toMatchObject({ code: 'MNAS_DATA_IMAGE' })
    expect(undecoded(bytesOf(await picture.clone().tiff().toBuffer()), 'x', null)).toMatchObject({ code: 'MNAS_PAGE_UNDECODED' })
  })
})
