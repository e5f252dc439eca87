import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

/**
 * Whether a path is a folder or something below it, whatever links lead there. The path need not exist yet. Results must not be
 * written among images: what is written there would be taken for a class of them.
 */
export async function liesWithin(path: string, folder: string): Promise<boolean> {
  const way = relative(await realPath(folder), await realPath(path))
  return !isAbsolute(way) && way.split(sep)[0] !== '..'
}

/** Of the part that exists, with the rest as it is. */
async function realPath(path: string): Promise<string> {
  const whole = resolve(path)
  for (let known = whole; ; known = dirname(known)) {
    const real = await realpath(known).catch(() => null)
    if (real !== null) return join(real, relative(known, whole))
    if (dirname(known) === known) return whole
  }
}
