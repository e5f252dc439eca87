import { type Browser, chromium } from 'playwright-core'

/**
 * Path of a Chromium, or null: then say that the test is skipped.
 * @throws where CI is set: there it must be present (.ci/chromium installs it)
 */
export function chromiumPath(): string | null {
  const path = process.env['MNAS_CHROMIUM']
  if (path) return path
  if (process.env['CI']) throw new Error('MNAS_CHROMIUM is not set: export MNAS_CHROMIUM="$(.ci/chromium)"')
  console.warn('Tests in a browser are skipped: export MNAS_CHROMIUM="$(.ci/chromium)" runs them.')
  return null
}

/** A browser without a window, with a profile of its own that goes when it is closed. @param more of Chromium's switches */
export function openBrowser(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...quiet, ...more] })
}
