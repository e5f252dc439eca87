import { configErrors } from './errors.js'

/** A configuration file that was found: `settings` as it stands there, unchecked. */
export interface ConfigFile {
  readonly path: string
  readonly settings: unknown
}

/** Plain data only: a configuration file is never executed. */
const searchPlaces = ['mnas.config.json', 'mnas.config.yaml', 'mnas.config.yml', 'package.json']

/**
 * The nearest of `mnas.config.json`, `mnas.config.yaml`, `mnas.config.yml` or `mnas.config` inside a package.json (whose `mnas` field also
 * holds a plug-in's manifest), from a folder upwards, and at last in `~/.config/mnas`. Null when there is none.
 * @throws MNAS_CONFIG_FILE
 */
export async function findConfigFile(folder: string): Promise<ConfigFile | null> {
  const { cosmiconfig } = await import('cosmiconfig')
  const explorer = cosmiconfig('mnas', {
    searchPlaces,
    packageProp: ['mnas', 'config'],
    searchStrategy: 'global',
    ignoreEmptySearchPlaces: false,
    cache: false,
  })
  try {
    const found = await explorer.search(folder)
    if (found === null) return null
    if (found.isEmpty) throw new Error('it is empty')
    return { path: found.filepath, settings: found.config }
  } catch (error) {
    const { filepath, message } = error as Error & { filepath?: string }
    throw configErrors.MNAS_CONFIG_FILE({ path: filepath ?? folder, reason: message.split('\n', 1)[0] ?? message }, error)
  }
}
