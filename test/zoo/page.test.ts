/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { describe, expect, it } from 'vitest'
import { chromiumPath } from '../support/browser.js'
import { mnas } from '../support/mnas.js'
import { pageFixture } from './page-fixture.js'
import { answerOf, type Predicted } from './page-site.js'

const chromium = chromiumPath()

describe.skipIf(chromium === null)('the page of a zoo in Chromium', () => {
  const fixture = pageFixture(chromium)

  it('leads from a search to an entry, an answer as of mnas predict, and a comparison', async () => {
    const { page, complaints, fetched } = await fixture.open()
    await page.getByLabel('Find').fill('nobody trained')
    await page.getByLabel('Numbers').selectOption('measured')
    await expect.poll(() => page.locator('.row').count()).toBe(2)
    expect(new URL(page.url()).search).toBe('?q=nobody+trained&basis=measured')
    await page.getByRole('link', { name: 'me/tiny', exact: true }).click()
    await page.getByRole('heading', { name: 'me/tiny 1.0.0' }).waitFor()
    await page.locator('.try').waitFor()
    expect(fetched.some((url) => /worker|wasm|litert/.test(url))).toBe(false)

    await page.setInputFiles('.try input[type=file]', fixture.it.photo)
    const { text, probabilities } = await answerOf(page)
    const predicted = (await mnas(['predict', fixture.it.bundle, fixture.it.photo, '--json'])).json<Predicted>().predictions[0]!
      .output.predictions
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
    const { page, complaints, fetched } = await fixture.open('?entry=me/tiny@1.0.0')
    await page.setInputFiles('.try input[type=file]', fixture.it.photo)
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
    const { page } = await fixture.open('?device=Pixel+8&max-latency=20&min=0.6&sort=latency&all=1&licence=MIT')
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
    const { page } = await fixture.open()
    await page.locator('.row').first().waitFor()
    expect(await page.locator('.count').textContent()).toMatch(/attested and measured and published numbers stand in one order/)
    const devices = await page.getByLabel('Device').locator('option').allTextContents()
    expect(devices).toContain('Pixel 8 (emulated)')
    await page.getByLabel('Device').selectOption('Pixel 8 (emulated)')
    await expect.poll(() => page.locator('.row:not(:has(.emulated))').count()).toBe(0)
    await page.goto(`${fixture.it.address}?entry=me/tiny@1.0.0`)
    await page.locator('.claims').first().waitFor()
    expect(await page.locator('.claims > li:has(.attested)').textContent()).toMatch(/Signed with the key .*not checked here/)
    const badges = await page
      .locator('.claims > li')
      .evaluateAll((all) => all.map((claim) => [...claim.querySelectorAll('.badge')].map(({ textContent }) => textContent)))
    expect(badges).toEqual([['measured'], ['published'], ['attested'], ['measured'], ['measured', 'emulated']])
    await page.close()
  })

  it('takes a picture from the camera, and a pasted one', async () => {
    const { page, complaints } = await fixture.open('?entry=me/tiny@1.0.0')
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
