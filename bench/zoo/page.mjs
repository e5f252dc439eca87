/** The page in Chromium: asks it as a user would, and reads its answers from what it shows. */
import { basename } from 'node:path'
import { chromium } from 'playwright-core'

export async function openBrowser() {
  const executablePath = process.env.MNAS_CHROMIUM ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

/** Opens an entry in a tab without anything in its cache. @returns {{page, complaints, fetched}} */
export async function openPage(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const complaints = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const fetched = []
  page.on('request', (request) => fetched.push(request.url()))
  const start = performance.now()
  await page.goto(address)
  return { page, context, complaints, fetched, start }
}

/** @returns {Promise<{code: string} | {probabilities: Record<string, number>, pixels: number[], ms: number}>} */
export async function askPage(page, path) {
  const start = performance.now()
  await page.evaluate(() => document.querySelector('.try-answer')?.setAttribute('data-seen', ''))
  await page.setInputFiles('.try input[type=file]', path)
  const name = basename(path)
  await page.waitForFunction(
    (wanted) => {
      const place = document.querySelector('.try-answer')
      const { state } = place?.dataset ?? {}
      return (state === 'answered' || state === 'failed') && place.textContent.includes(wanted)
    },
    name,
    { polling: 5, timeout: 60_000 },
  )
  const ms = performance.now() - start
  const all = page.getByRole('button', { name: /^All \d+ labels$/ })
  if ((await all.count()) > 0) await all.click()
  return { ms, ...(await page.evaluate(readAnswer)) }
}

function readAnswer() {
  const place = document.querySelector('.try-answer')
  if (place.dataset.state === 'failed') return { code: place.querySelector('strong').textContent }
  const rows = [...place.querySelectorAll('tbody tr')]
  const probabilities = Object.fromEntries(
    rows.map((row) => [row.querySelector('th').textContent, Number(row.querySelector('data').value)]),
  )
  const canvas = place.querySelector('canvas')
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const pixels = [...data].filter((_, index) => index % 4 !== 3)
  return { probabilities, pixels, took: place.querySelector('.took').textContent }
}
