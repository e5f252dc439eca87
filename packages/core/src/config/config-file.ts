import type { CosmiconfigResult, Loader } from 'cosmiconfig'
import { parseJson } from '../files/index.js'
import { configErrors } from './errors.js'
import { userConfigFolder } from './user-config-folder.js'

/** A configuration file that was found: `settings` as it stands there, unchecked. */
export interface ConfigFile {
  readonly path: string
  readonly settings: unknown
}

/** Plain data only: a configuration file is never executed. */
const searchPlaces = ['mnas.config.json', 'mnas.config.yaml', 'mnas.config.yml', 'package.json']

/**
 * The nearest of `mnas.config.json`, `mnas.config.yaml`, `mnas.config.yml` or `mnas.config` inside a package.json (whose `mnas` field also
 * holds a plug-in's manifest), from a folder upwards, and at last in the user's folder, where `config.json` and the like will do, too. Null when
 * there is none.
 * @throws MNAS_CONFIG_FILE
 */
export async function findConfigFile(folder: string): Promise<ConfigFile | null> {
  try {
    const found = (await searchFrom(folder, 'global')) ?? (await searchFrom(userConfigFolder(), 'none'))
    if (found === null) return null
    if (found.isEmpty) throw new Error('it is empty')
    return { path: found.filepath, settings: found.config }
  } catch (error) {
    const { filepath, message } = error as Error & { filepath?: string }
    throw configErrors.MNAS_CONFIG_FILE({ path: filepath ?? folder, reason: message }, error)
  }
}

/** @param strategy `global`: upwards, then in the user's folder as `config.json`; `none`: there alone */
async function searchFrom(folder: string, strategy: 'global' | 'none'): Promise<CosmiconfigResult> {
  const { cosmiconfig, defaultLoaders } = await import('cosmiconfig')
  // cosmiconfig's own errors name the file in their first line, and what is wrong in the second.
  const yaml: Loader = (path, text) => inOneLine(() => defaultLoaders['.yaml'](path, text))
  const explorer = cosmiconfig('mnas', {
    searchPlaces,
    loaders: {
      ...{ '.json': (_, text) => parseJson(text), '.yaml': yaml, '.yml': yaml, noExt: yaml },
      // What another file imports, or stands in the user's folder.
      ...{ '.js': refuse, '.cjs': refuse, '.mjs': refuse, '.ts': refuse },
    },
    packageProp: ['mnas', 'config'],
    searchStrategy: strategy,
    ignoreEmptySearchPlaces: false,
    cache: false,
  })
  return explorer.search(folder)
}

function refuse(path: string): never {
  throw new Error(`${path} is a program, and settings are data: JSON or YAML`)
}

/** `YAML Error in PATH:\nbad indentation (2:3)\n…` → `it is not YAML (bad indentation, line 2, column 3)`. */
function inOneLine<T>(load: () => T): T {
  try {
    return load()
  } catch (error) {
    const lines = (error as Error).message.split('\n')
    const reason = (lines[1] ?? lines[0]!).replace(/ \((\d+):(\d+)\)$/, ' at line $1, column $2')
    throw new Error(`it is not YAML (${reason})`, { cause: error })
  }
}
