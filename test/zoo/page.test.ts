/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath, openBrowser } from '../support/browser.js'
import { legibilityOf } from '../support/legibility.js'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { answerOf, hostile, makeSite, openPage, policy, serveSite } from './page-site.js'

const chromium = chromiumPath()

describe.skipIf(chromium === null)('the page of a zoo in Chromium', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>
  let server: Awaited<ReturnType<typeof serveSite>>
  let browser: Browser
  let made: Awaited<ReturnType<typeof makeSite>>
  let photo: string
  beforeAll(async () => {
    temporary = await temporaryFolder('page')
    made = await makeSite(temporary.path)
    server = await serveSite(made.site)
    browser = await openBrowser(chromium!, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
    photo = join(temporary.path, 'photo.png')
    await sharp({
      create: { width: 90, height: 61, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 120, sigma: 60 } },
    })
      .png()
      .toFile(photo)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await temporary.remove()
  })

  const open = (search = '', options?: Parameters<typeof openPage>[2]) => openPage(browser, `${server.address}${search}`, options)

  it('leads from a search to an entry, an answer as of mnas predict, and a comparison', async () => {
    const { page, complaints, fetched } = await open()
    await page.getByLabel('Find').fill('nobody trained')
    await page.getByLabel('Numbers').selectOption('measured')
    await expect.poll(() => page.locator('.row').count()).toBe(2)
    expect(new URL(page.url()).search).toBe('?q=nobody+trained&basis=measured')
    await page.getByRole('link', { name: 'me/tiny', exact: true }).click()
    await page.getByRole('heading', { name: 'me/tiny 1.0.0' }).waitFor()
    await page.locator('.try').waitFor()
    expect(fetched.some((url) => /worker|wasm|litert/.test(url))).toBe(false)

    await page.setInputFiles('.try input[type=file]', photo)
    const { text, probabilities } = await answerOf(page)
    const predicted = (await mnas(['predict', made.bundle, photo, '--json'])).json<Predicted>().predictions[0]!.output.predictions
    expect(Object.keys(probabilities)).toEqual(predicted.map(({ label }) => label))
    for (const { label, probability } of predicted)
      expect(Math.abs(probabilities[label]! - probability)).toBeLessThanOrEqual(1e-5)
    expect(text).toMatch(/TensorFlow\.js, wasm: \S+ ms.*Nothing was uploaded/s)
    expect(fetched.some((url) => url.includes('litert'))).toBe(false)

    await page.getByRole('link', { name: 'Compare with another one' }).click()
    await page.getByLabel('Find').fill('nobody trained')
    await page.getByRole('link', { name: 'Compare me/other@1.0.0 with me/tiny@1.0.0' }).click()
    await page.getByRole('heading', { name: 'Two models, side by side' }).waitFor()
    await expect.poll(() => page.locator('.compare').textContent()).toContain('−0.0300')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('runs the very .tflite by LiteRT.js, which is fetched after a click alone', async () => {
    const { page, complaints, fetched } = await open('?entry=me/tiny@1.0.0')
    await page.setInputFiles('.try input[type=file]', photo)
    const { probabilities } = await answerOf(page)
    await page.getByRole('radio', { name: /\.tflite/ }).check()
    expect(fetched.some((url) => url.includes('litert'))).toBe(false)
    await page.getByRole('button', { name: 'Ask about the same photo' }).click()
    const answer = await answerOf(page)
    expect(answer.text).toContain('LiteRT.js, wasm')
    for (const [label, probability] of Object.entries(answer.probabilities))
      expect(Math.abs(probabilities[label]! - probability)).toBeLessThanOrEqual(1e-4)
    // LiteRT tells what hardware it looks for.
    expect(complaints.filter((complaint) => !/^console\.(?:debug|warning)/.test(complaint))).toEqual([])
    await page.close()
  })

  it('keeps what is asked of the list in the address', async () => {
    const { page } = await open('?device=Pixel+8&max-latency=20&min=0.6&sort=latency&all=1&licence=MIT')
    await page.locator('.row').first().waitFor()
    expect(await page.getByLabel('Device').inputValue()).toBe('Pixel 8')
    const latencies = await page
      .locator('.row dd data[value]')
      .evaluateAll((all) =>
        all.filter(({ textContent }) => textContent?.endsWith(' ms')).map((data) => Number((data as HTMLDataElement).value)),
      )
    expect(latencies.length).toBeGreaterThan(3)
    expect(latencies).toEqual([...latencies].sort((a, b) => a - b))
    expect(Math.max(...latencies)).toBeLessThanOrEqual(20)
    await page.close()
  })

  it('tells measured, attested and published numbers apart, and marks emulated ones', async () => {
    const { page } = await open()
    await page.locator('.row').first().waitFor()
    expect(await page.locator('.count').textContent()).toMatch(/attested and measured and published numbers stand in one order/)
    const devices = await page.getByLabel('Device').locator('option').allTextContents()
    expect(devices).toContain('Pixel 8 (emulated)')
    await page.getByLabel('Device').selectOption('Pixel 8 (emulated)')
    await expect.poll(() => page.locator('.row:not(:has(.emulated))').count()).toBe(0)
    await page.goto(`${server.address}?entry=me/tiny@1.0.0`)
    await page.locator('.claims').first().waitFor()
    expect(await page.locator('.claims > li:has(.attested)').textContent()).toMatch(/Signed with the key .*not checked here/)
    const badges = await page
      .locator('.claims > li')
      .evaluateAll((all) => all.map((claim) => [...claim.querySelectorAll('.badge')].map(({ textContent }) => textContent)))
    expect(badges).toEqual([['measured'], ['published'], ['attested'], ['measured'], ['measured', 'emulated']])
    await page.close()
  })

  it('says which picture it does not take, with the code of mnas predict or one of its own', async () => {
    const { page } = await open('?entry=me/tiny@1.0.0')
    const png = await sharp(photo).png().toBuffer()
    const huge = Buffer.from(png)
    huge.writeUInt32BE(60_000, 16)
    huge.writeUInt32BE(60_000, 20)
    const jpeg = await sharp(photo).jpeg().toBuffer()
    const video = Buffer.concat([Buffer.from([0, 0, 0, 32]), Buffer.from('ftypisom'), Buffer.alloc(4000)])
    const files: readonly (readonly [string, Buffer, string])[] = [
      ['empty.jpg', Buffer.alloc(0), 'MNAS_DATA_IMAGE'],
      ['huge.png', huge, 'MNAS_DATA_IMAGE'],
      ['video.mp4', video, 'MNAS_DATA_IMAGE'],
      ['half.jpg', jpeg.subarray(0, jpeg.length >> 1), 'MNAS_DATA_IMAGE'],
      ['half.png', png.subarray(0, png.length >> 1), 'MNAS_DATA_IMAGE'],
      ['inks.jpg', await sharp(photo).toColourspace('cmyk').jpeg().toBuffer(), 'MNAS_PAGE_OTHERWISE'],
      ['deep.png', await sharp(photo).toColourspace('rgb16').png().toBuffer(), 'MNAS_PAGE_OTHERWISE'],
    ]
    for (const [name, buffer, code] of files) {
      await page.setInputFiles('.try input[type=file]', { name, mimeType: 'image/*', buffer })
      await expect
        .poll(() => page.locator('.try-answer').textContent(), { message: name })
        .toMatch(new RegExp(`^${code}: .*${name}`))
      if (code !== 'MNAS_DATA_IMAGE') continue
      const path = join(temporary.path, name)
      await writeFile(path, buffer)
      const [row] = (await mnas(['predict', made.bundle, path, '--json'])).json<Predicted>().predictions
      expect(row!.error?.code, name).toBe(code)
    }
    await page.close()
  })

  it('says so where WebAssembly is forbidden', async () => {
    const forbidding = await serveSite(made.site, policy.replace(" 'wasm-unsafe-eval'", ''))
    const { page } = await openPage(browser, `${forbidding.address}?entry=me/tiny@1.0.0`)
    await page.setInputFiles('.try input[type=file]', photo)
    expect((await answerOf(page)).text).toMatch(/^MNAS_PAGE_WASM: .*'wasm-unsafe-eval'/)
    await page.close()
    await forbidding.close()
  })

  it('shows hostile cards and labels as the text that they are, and fetches what the entry lists alone', async () => {
    const { page, complaints, fetched } = await open('?entry=me/hostile-labels@1.0.0')
    await page.locator('.markdown').waitFor()
    await page.setInputFiles('.try input[type=file]', photo)
    const { probabilities } = await answerOf(page)
    expect(Object.keys(probabilities)).toContain(hostile)
    expect(await page.locator('main script, main img:not([src^="blob:"]), main a[href^="javascript:"]').count()).toBe(0)
    await page.goto(`${server.address}?entry=me/manifest@1.0.0`)
    await page.setInputFiles('.try input[type=file]', photo)
    expect((await answerOf(page)).text).toMatch(/^MNAS_PAGE_MODEL: .*"\.\.\/\.\.\/\.\.\/zoo\.json\.gz"/)
    expect(fetched.filter((url) => url.endsWith('zoo.json.gz'))).toHaveLength(2)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('refuses a file that is not what the entry says', async () => {
    const { page } = await open('?entry=me/tiny@1.0.0')
    await page.route('**/blobs/**', async (route) => {
      const response = await route.fetch()
      const body = await response.body()
      if (body.length > 0) body[body.length >> 1]! ^= 1
      await route.fulfill({ response, body })
    })
    await page.setInputFiles('.try input[type=file]', photo)
    expect((await answerOf(page)).text).toMatch(/^MNAS_PAGE_FETCH: .*its sha256 is/)
    await page.goto(`${server.address}?entry=me/nobody`)
    expect(await page.locator('main .error').textContent()).toMatch(/^MNAS_PAGE_ZOO: .*me\/nobody/)
    await page.close()
  })

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ] as const)('is legible at %i px, %s: nothing beyond the edge, nothing small, nothing faint', async (width, colorScheme) => {
    const views: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
      '?device=Pixel+8': (page) => page.locator('.plot canvas').waitFor(),
      '?entry=me/tiny@1.0.0': async (page) => {
        await page.setInputFiles('.try input[type=file]', photo)
        await answerOf(page)
        await page.locator('.markdown').waitFor()
      },
      '?compare=me/tiny@1.0.0&with=me/other@1.0.0': (page) => page.locator('.compare').waitFor(),
    }
    for (const [search, ready] of Object.entries(views)) {
      const { page, complaints } = await open(search, { width, colorScheme })
      await ready(page)
      const seen = await legibilityOf(page)
      expect(seen, search).toMatchObject({ beyond: [], dark: colorScheme === 'dark' })
      expect(seen.scrolls, search).toBeLessThanOrEqual(0)
      expect(seen.smallest, search).toBeGreaterThanOrEqual(11)
      expect(seen.faintest, search).toBeGreaterThanOrEqual(4.5)
      expect(seen.texts, search).toBeGreaterThan(25)
      expect(complaints, search).toEqual([])
      await page.close()
    }
  })

  it('can be used by the keyboard alone, and names everything that it stops at', async () => {
    const { page, complaints } = await open('?q=nobody+trained', { width: 390 })
    page.on('filechooser', (chooser) => void chooser.setFiles(photo))
    await page.locator('.row').first().waitFor()
    const names: string[] = []
    const until = async (wanted: RegExp) => {
      for (let stop = 0; stop < 60; stop++) {
        await page.keyboard.press('Tab')
        const name = await page.evaluate(nameOfFocused)
        names.push(name)
        if (wanted.test(name)) return
      }
      throw new Error(`Tab never led to ${wanted}: ${names.join(' | ')}`)
    }
    await until(/from fast to slow|One point/)
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('.readout').textContent()).toMatch(/ms \(/)
    await until(/^me\/tiny$/)
    await page.keyboard.press('Enter')
    await page.locator('.try').waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    await until(/^Choose a photo/)
    await page.keyboard.press('Enter')
    expect((await answerOf(page)).text).toContain('Nothing was uploaded')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('ArrowDown')
    await until(/^Ask about the same photo$/)
    await page.goBack()
    await page.locator('.row').first().waitFor()
    await until(/^Compare me\/other@1\.0\.0$/)
    await page.keyboard.press('Enter')
    await until(/^Compare me\/tiny@1\.0\.0 with me\/other@1\.0\.0$/)
    await page.keyboard.press('Enter')
    await page.locator('.compare').waitFor()
    for (const name of names) expect(name.trim()).not.toBe('')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('has one main heading, a title of its own and named charts on every view', async () => {
    const { page, complaints } = await open()
    await page.locator('.plot canvas').waitFor()
    const outline = () =>
      page.evaluate(() => ({
        lang: document.documentElement.lang,
        h1: document.querySelectorAll('h1').length,
        title: document.title,
        unnamed: [...document.querySelectorAll('[role=img], section, img, video')].filter(
          (part) => !(part.getAttribute('aria-label') ?? part.getAttribute('aria-labelledby') ?? part.getAttribute('alt')),
        ).length,
      }))
    expect(await outline()).toEqual({ lang: 'en', h1: 1, title: 'Zoo of models', unnamed: 0 })
    await page.goto(`${server.address}?entry=me/tiny@1.0.0`)
    await page.locator('.plot canvas').waitFor()
    expect(await outline()).toEqual({ lang: 'en', h1: 1, title: 'me/tiny – zoo of models', unnamed: 0 })
    expect(
      await page.getByRole('img', { name: /^Chart of the training/ }).evaluate((img: HTMLImageElement) => img.naturalWidth),
    ).toBe(99)
    expect(complaints).toEqual([])
    expect(await page.locator('#front + .chart [role=img]').getAttribute('aria-label')).toMatch(
      /3 networks; this model is candidate 000000000001/,
    )
    await page.close()
  })

  it('takes a picture from the camera, and a pasted one', async () => {
    const { page, complaints } = await open('?entry=me/tiny@1.0.0')
    await page.locator('.try').waitFor()
    await page.evaluate(async () => {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = 64
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([blob!], 'pasted.png', { type: 'image/png' }))
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData }))
    })
    expect((await answerOf(page)).text).toContain('pasted.png')
    await page.getByRole('button', { name: 'Use the camera' }).click()
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2)
    await page.getByRole('button', { name: 'Take the picture' }).click()
    await expect.poll(() => page.locator('.try-answer').textContent()).toContain('the picture of the camera')
    expect(await page.locator('video').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })
})

interface Predicted {
  readonly predictions: readonly {
    readonly output: { readonly predictions: readonly { readonly label: string; readonly probability: number }[] }
    readonly error: { readonly code: string } | null
  }[]
}

/** As a screen reader would say it, nearly. */
function nameOfFocused(): string {
  const at = document.activeElement
  if (!(at instanceof HTMLElement)) return ''
  const labels = (at as HTMLInputElement).labels
  const label = labels && labels.length > 0 ? labels[0]!.textContent : null
  return (at.getAttribute('aria-label') ?? label ?? at.textContent ?? '').trim()
}
