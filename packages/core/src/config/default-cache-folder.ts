import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where decoded pixels, measurements and native libraries are kept unless the settings say otherwise: `$MNAS_CACHE_FOLDER`, else the
 * platform's place for caches (`~/.cache/mnas`, `~/Library/Caches/mnas`, `%LOCALAPPDATA%\mnas\cache`). Everything in it can be made again.
 */
export function defaultCacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env['MNAS_CACHE_FOLDER']) return env['MNAS_CACHE_FOLDER']
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'mnas')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'mnas')
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'mnas', 'cache')
  return join(home, '.cache', 'mnas')
}
