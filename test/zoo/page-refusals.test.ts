/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { chromiumPath } from '../support/browser.js'
import { mnas } from '../support/mnas.js'
import { pageFixture } from './page-fixture.js'
import { answerOf, hostile, openPage, type Predicted, policy, serveSite } from './page-site.js'

const chromium = chromiumPath()

describe.skipIf(chromium === null)('what the page of a zoo does not do', () => {
  const fixture = pageFixture(chromium)

  it('says which picture it does not take, with the code of mnas predict or one of its own', async () => {
    const { page } = await fixture.open('?entry=me/tiny@1.0.0')
    const png = await sharp(fixture.it.photo).png().toBuffer()
    const huge = Buffer.from(png)
    huge.writeUInt32BE(60_000, 16)
    huge.writeUInt32BE(60_000, 20)
    const jpeg = await sharp(fixture.it.photo).jpeg().toBuffer()
    const video = Buffer.concat([Buffer.from([0, 0, 0, 32]), Buffer.from('ftypisom'), Buffer.alloc(4000)])
    const files: readonly (readonly [string, Buffer, string])[] = [
      ['empty.jpg', Buffer.alloc(0), 'MNAS_DATA_IMAGE'],
      ['huge.png', huge, 'MNAS_DATA_IMAGE'],
      ['video.mp4', video, 'MNAS_DATA_IMAGE'],
      ['half.jpg', jpeg.subarray(0, jpeg.length >> 1), 'MNAS_DATA_IMAGE'],
      ['half.png', png.subarray(0, png.length >> 1), 'MNAS_DATA_IMAGE'],
      ['inks.jpg', await sharp(fixture.it.photo).toColourspace('cmyk').jpeg().toBuffer(), 'MNAS_PAGE_OTHERWISE'],
      ['deep.png', await sharp(fixture.it.photo).toColourspace('rgb16').png().toBuffer(), 'MNAS_PAGE_OTHERWISE'],
    ]
    for (const [name, buffer, code] of files) {
      await page.setInputFiles('.try input[type=file]', { name, mimeType: 'image/*', buffer })
      await expect
        .poll(() => page.locator('.try-answer').textContent(), { message: name })
        .toMatch(new RegExp(`^${code}: .*${name}`))
      if (code !== 'MNAS_DATA_IMAGE') continue
      const path = join(fixture.it.folder, name)
      await writeFile(path, buffer)
      const [row] = (await mnas(['predict', fixture.it.bundle, path, '--json'])).json<Predicted>().predictions
      expect(row!.error?.code, name).toBe(code)
    }
    await page.close()
  })

  it('says so where WebAssembly is forbidden', async () => {
    const forbidding = await serveSite(fixture.it.site, policy.replace(" 'wasm-unsafe-eval'", ''))
    const { page } = await openPage(fixture.it.browser, `${forbidding.address}?entry=me/tiny@1.0.0`)
    await page.setInputFiles('.try input[type=file]', fixture.it.photo)
    expect((await answerOf(page)).text).toMatch(/^MNAS_PAGE_WASM: .*'wasm-unsafe-eval'/)
    await page.close()
    await forbidding.close()
  })

  it('shows hostile cards and labels as the text that they are, and fetches what the entry lists alone', async () => {
    const { page, complaints, fetched } = await fixture.open('?entry=me/hostile-labels@1.0.0')
    await page.locator('.markdown').waitFor()
    await page.setInputFiles('.try input[type=file]', fixture.it.photo)
    const { probabilities } = await answerOf(page)
    expect(Object.keys(probabilities)).toContain(hostile)
    expect(await page.locator('main script, main img:not([src^="blob:"]), main a[href^="javascript:"]').count()).toBe(0)
    await page.goto(`${fixture.it.address}?entry=me/manifest@1.0.0`)
    await page.setInputFiles('.try input[type=file]', fixture.it.photo)
    expect((await answerOf(page)).text).toMatch(/^MNAS_PAGE_MODEL: .*"\.\.\/\.\.\/\.\.\/zoo\.json\.gz"/)
    expect(fetched.filter((url) => url.endsWith('zoo.json.gz'))).toHaveLength(2)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('refuses a file that is not what the entry says', async () => {
    const { page } = await fixture.open('?entry=me/tiny@1.0.0')
    await page.route('**/blobs/**', async (route) => {
      const response = await route.fetch()
      const body = await response.body()
      if (body.length > 0) body[body.length >> 1]! ^= 1
      await route.fulfill({ response, body })
    })
    await page.setInputFiles('.try input[type=file]', fixture.it.photo)
    expect((await answerOf(page)).text).toMatch(/^MNAS_PAGE_FETCH: .*its sha256 is/)
    await page.goto(`${fixture.it.address}?entry=me/nobody`)
    expect(await page.locator('main .error').textContent()).toMatch(/^MNAS_PAGE_ZOO: .*me\/nobody/)
    await page.close()
  })
})
