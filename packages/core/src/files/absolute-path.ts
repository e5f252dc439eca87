import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * A path as somebody wrote it, from the root on and without a slash at its end: `~` and `~/…` begin in his home folder.
 * @param base where relative ones begin
 */
export function absolutePath(path: string, base: string = process.cwd()): string {
  return path === '~' || path.startsWith('~/') ? resolve(join(homedir(), path.slice(1))) : resolve(base, path)
}
