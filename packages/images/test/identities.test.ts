import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packPaths } from '#internal/listing/path-table.js'
import { copyCounter } from '#internal/scanning/identities.js'
import { scanImages } from '#internal/scanning/scan-images.js'
import { picture, temporaryFolder, writeFiles } from './support/pictures.js'

describe('the identity of an image', () => {
  it('is that of its copies, and of no other image', async () => {
    const folder = await temporaryFolder()
    const [one, other] = [await picture(1), await picture(2)]
    const longer = Buffer.concat([one, Buffer.from([0])])
    await writeFiles(folder, { 'a.jpg': one, 'b.jpg': other, 'c.txt': 'text', 'd.jpg': one, 'e.jpg': longer })
    const names = ['a.jpg', 'b.jpg', 'c.txt', 'd.jpg', 'e.jpg']
    const { identities, usable } = await scanImages(folder, packPaths(names), { cacheFolder: await temporaryFolder() })
    expect([...usable]).toEqual([0, 1, 3, 4])
    expect(identities[2]).toBe(identities[0])
    expect(new Set(identities).size).toBe(3)
  })

  it('counts copies as a set does', () => {
    const numbers = fc.array(fc.bigInt({ min: 0n, max: 40n }), { maxLength: 50 })
    fc.assert(
      fc.property(numbers, numbers, (some, others) => {
        const expected = some.filter((number) => others.includes(number)).length
        expect(copyCounter(BigUint64Array.from(others))(BigUint64Array.from(some))).toBe(expected)
      }),
    )
  })
})

describe('the fingerprint', () => {
  it('leaves out what is apart, which the name of a cache does not', async () => {
    const folder = await temporaryFolder()
    const cacheFolder = await temporaryFolder()
    const files = { 'test/1.jpg': await picture(1), 'train/1.jpg': await picture(2) }
    await writeFiles(folder, files)
    const scan = (...names: readonly string[]) =>
      scanImages(folder, packPaths(names), { cacheFolder, isApart: (index) => names[index]!.startsWith('test/') })
    const first = await scan('test/1.jpg', 'train/1.jpg')
    expect(first.fingerprint).not.toBe(first.contents)
    expect(await scan('test/1.jpg', 'train/1.jpg')).toMatchObject({ fingerprint: first.fingerprint, contents: first.contents })
    const alone = await scan('train/1.jpg')
    expect([alone.fingerprint, alone.contents]).toEqual([first.fingerprint, first.fingerprint])
    await writeFiles(folder, { 'test/2.jpg': await picture(3) })
    const more = await scan('test/1.jpg', 'test/2.jpg', 'train/1.jpg')
    expect(more.fingerprint).toBe(first.fingerprint)
    expect(more.contents).not.toBe(first.contents)
  })
})
