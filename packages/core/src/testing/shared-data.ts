import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Absolute path of a file or folder of real data that lies beside the checkout (`../shared/data/<name>` from the repository's root), or null
 * where it is absent. For tests: say that they are skipped, and fail when process.env.CI is set.
 */
export function sharedData(name: string): string | null {
  const root = repositoryRoot(dirname(fileURLToPath(import.meta.url)))
  if (root === null) return null
  const path = join(dirname(root), 'shared', 'data', name)
  return existsSync(path) ? path : null
}

/** The nearest folder above whose package.json is that of `mnas`. */
function repositoryRoot(folder: string): string | null {
  const manifest = join(folder, 'package.json')
  if (existsSync(manifest)) {
    const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown }
    if (name === 'mnas') return folder
  }
  const parent = dirname(folder)
  return parent === folder ? null : repositoryRoot(parent)
}
