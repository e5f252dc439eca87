import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where a user's own settings lie that belong to no project: where the configuration file is looked for last (`$XDG_CONFIG_HOME/mnas`,
 * `~/.config/mnas`, `~/Library/Preferences/mnas`, `%APPDATA%\mnas\Config`). What is kept there cannot be made again.
 */
export function userConfigFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Preferences', 'mnas')
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'mnas', 'Config')
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'mnas')
}
