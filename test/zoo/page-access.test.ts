/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { chromiumPath } from '../support/browser.js'
import { legibilityOf } from '../support/legibility.js'
import { pageFixture } from './page-fixture.js'
import { answerOf } from './page-site.js'

const chromium = chromiumPath()

describe.skipIf(chromium === null)('whom the page of a zoo serves', () => {
  const fixture = pageFixture(chromium)

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ] as const)('is legible at %i px, %s: nothing beyond the edge, nothing small, nothing faint', async (width, colorScheme) => {
    const views: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
      '?device=Pixel+8': (page) => page.locator('.plot canvas').waitFor(),
      '?entry=me/tiny@1.0.0': async (page) => {
        await page.setInputFiles('.try input[type=file]', fixture.it.photo)
        await answerOf(page)
        await page.locator('.markdown').waitFor()
      },
      '?compare=me/tiny@1.0.0&with=me/other@1.0.0': (page) => page.locator('.compare').waitFor(),
    }
    for (const [search, ready] of Object.entries(views)) {
      const { page, complaints } = await fixture.open(search, { width, colorScheme })
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
    const { page, complaints } = await fixture.open('?q=nobody+trained', { width: 390 })
    page.on('filechooser', (chooser) => void chooser.setFiles(fixture.it.photo))
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
    const { page, complaints } = await fixture.open()
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
    await page.goto(`${fixture.it.address}?entry=me/tiny@1.0.0`)
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
})

/** As a screen reader would say it, nearly. */
function nameOfFocused(): string {
  const at = document.activeElement
  if (!(at instanceof HTMLElement)) return ''
  const labels = (at as HTMLInputElement).labels
  const label = labels && labels.length > 0 ? labels[0]!.textContent : null
  return (at.getAttribute('aria-label') ?? label ?? at.textContent ?? '').trim()
}
