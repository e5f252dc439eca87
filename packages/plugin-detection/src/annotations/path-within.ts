import { posix } from 'node:path'

/**
 * A path that annotations name, relative to their folder, with slashes; null where it is none or would lead out of the folder:
 * absolute, with a drive or a scheme, with more `..` than folders.
 */
export function pathWithin(name: string): string | null {
  const slashed = name.replaceAll('\\', '/').trim()
  if (slashed === '' || slashed.includes('\0') || slashed.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(slashed)) return null
  const path = posix.normalize(slashed)
  return path === '.' || path === '..' || path.startsWith('../') || path.endsWith('/') ? null : path
}
