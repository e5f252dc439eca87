/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReport } from '#internal/report/write-report.js'
import { chromiumPath, openBrowser } from '../../../../test/support/browser.js'
import { legibilityOf } from '../../../../test/support/legibility.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { registry, reportedRun } from './support/reported-run.js'

const chromium = chromiumPath()
/** Of whoever means ill: markup, an end of an attribute, an entity, text that would turn its neighbours around. */
const hostile = `"><img src=x onerror=console.error(1)><script>console.error(2)<\\script>'&lt;\u202Eabc`

describe.skipIf(chromium === null)('a report in Chromium', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>
  let browser: Browser
  let address: string
  beforeAll(async () => {
    temporary = await temporaryFolder('report')
    const run = await reportedRun(temporary.path, hostile, { device: { name: hostile, [hostile]: hostile } })
    address = pathToFileURL((await writeReport(run, registry)).file).href
    browser = await openBrowser(chromium!)
  })
  afterAll(async () => {
    await browser?.close()
    await temporary.remove()
  })

  async function opened(width: number, colorScheme: 'light' | 'dark'): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    page.on('request', (request) => request.url() !== address && complaints.push(`request: ${request.url()}`))
    await page.goto(address)
    return { page, complaints }
  }

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ] as const)('is legible at %i px, %s: nothing beyond the edge, nothing small, nothing faint', async (width, colorScheme) => {
    const { page, complaints } = await opened(width, colorScheme)
    const seen = await legibilityOf(page)
    expect(seen).toMatchObject({ beyond: [], dark: colorScheme === 'dark' })
    expect(seen.scrolls).toBeLessThanOrEqual(0)
    expect(seen.smallest).toBeGreaterThanOrEqual(11)
    // WCAG 2.2, 1.4.3.
    expect(seen.faintest).toBeGreaterThanOrEqual(4.5)
    expect(seen.texts).toBeGreaterThan(100)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('leads the keyboard through every part and point, each of which says what it is', async () => {
    const { page, complaints } = await opened(390, 'light')
    const stops = await page.locator('a, summary, :not(details) > [tabindex="0"]').count()
    const reached: { readonly name: string; readonly section: string; readonly readout: string }[] = []
    for (let stop = 0; stop < stops; stop++) {
      await page.keyboard.press('Tab')
      reached.push(
        await page.evaluate(() => {
          const at = document.activeElement!
          const readout = at.querySelector('.readout')
          return {
            name: at.getAttribute('aria-label') ?? at.textContent ?? '',
            section: at.closest('section')?.id ?? 'nav',
            readout: readout ? getComputedStyle(readout).visibility : 'none',
          }
        }),
      )
    }
    const sections = ['nav', 'front', 'progress', 'decisions', 'latency', 'network', 'settings']
    expect([...new Set(reached.map(({ section }) => section))]).toEqual(sections)
    for (const { name } of reached) expect(name.trim()).not.toBe('')
    const readouts = reached.map(({ readout }) => readout).filter((readout) => readout !== 'none')
    expect(readouts.length).toBeGreaterThan(12)
    expect(new Set(readouts)).toEqual(new Set(['visible']))
    expect(complaints).toEqual([])
    await page.close()
  })

  it('tells a screen reader the title and the sentence of each chart, and writes hostile names out', async () => {
    const { page } = await opened(1440, 'light')
    const charts = await page.locator('svg[role=group]').evaluateAll((all) =>
      all.map((chart) => {
        const text = (name: string) => document.getElementById(chart.getAttribute(name)!)?.textContent?.trim()
        return { title: text('aria-labelledby'), description: text('aria-describedby') }
      }),
    )
    expect(charts).toHaveLength(5)
    for (const { title, description } of charts) expect(title && description).toBeTruthy()
    expect(await page.locator('h1').textContent()).toBe(`Search ${hostile}`)
    expect(await page.locator('script, img').count()).toBe(0)
    await page.close()
  })
})
