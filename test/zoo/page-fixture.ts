import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser } from '../support/browser.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { makeSite, type OpenedPage, openPage, serveSite } from './page-site.js'

export interface PageFixture {
  readonly folder: string
  readonly bundle: string
  readonly site: string
  /** A photo of noise. */
  readonly photo: string
  readonly address: string
  readonly browser: Browser
}

/** A site, a server and a browser for the tests of a file. @returns what asks for them, once they are there */
export function pageFixture(chromium: string | null) {
  let fixture: PageFixture | undefined
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    if (chromium === null) return
    const { path: folder, remove } = await temporaryFolder('page')
    closing.push(remove)
    const made = await makeSite(folder)
    const server = await serveSite(made.site)
    closing.push(() => server.close())
    const browser = await openBrowser(chromium, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
    closing.push(() => browser.close())
    const photo = join(folder, 'photo.png')
    const noise = { type: 'gaussian', mean: 120, sigma: 60 } as const
    await sharp({ create: { width: 90, height: 61, channels: 3, background: '#888', noise } })
      .png()
      .toFile(photo)
    fixture = { folder, ...made, photo, address: server.address, browser }
  })
  afterAll(async () => {
    for (const close of closing.reverse()) await close()
  })
  return {
    get it(): PageFixture {
      if (!fixture) throw new Error('the fixture is there from beforeAll on')
      return fixture
    },
    open(search = '', options?: Parameters<typeof openPage>[2]): Promise<OpenedPage> {
      return openPage(this.it.browser, `${this.it.address}${search}`, options)
    },
  }
}
