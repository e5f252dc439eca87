import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Absolute path of a file or folder of real data that lies beside the checkout, `../shared/data/<name>` from the repository's root, or null
 * where it is absent: say that the test is skipped, and fail when process.env.CI is set.
 */
export function sharedData(name: string): string | null {
  return sharedFile(`data/${name}`)
}

/** The same of `../shared/reference/<name>`: numbers that other programs computed. */
export function sharedReference(name: string): string | null {
  return sharedFile(`reference/${name}`)
}

function sharedFile(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../shared/${name}`, import.meta.url))
  return existsSync(path) ? path : null
}
