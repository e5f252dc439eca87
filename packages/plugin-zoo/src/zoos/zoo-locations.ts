import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { zooKey } from '../catalogue/keys.js'

/** The published family, as a zoo that this package brings. */
const family = fileURLToPath(new URL('../../family', import.meta.url))

/**
 * Where models are looked for.
 * @param wanted `--zoo`: the name of one of the setting's, an address or a folder; undefined: the family and all of the setting
 * @param zoos the setting: folder or address by name
 */
export function zooLocations(wanted: readonly string[] | undefined, zoos: Readonly<Record<string, string>>): readonly string[] {
  if (wanted !== undefined && wanted.length > 0) return wanted.map((name) => (Object.hasOwn(zoos, name) ? zoos[name]! : name))
  const builtIn = existsSync(join(family, zooKey)) ? [family] : []
  return [...builtIn, ...Object.values(zoos)]
}
