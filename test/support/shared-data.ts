import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Absolute path of a file or folder of real data that lies beside the checkout, `../shared/data/<name>` from the repository's root, or null
 * where it is absent: say that the test is skipped, and fail when process.env.CI is set.
 */
export function sharedData(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url))
  return existsSync(path) ? path : null
}
