/** The published networks, as a zoo that this package brings. */
const family = 'family:'

/**
 * Where models are looked for.
 * @param wanted `--zoo`: the name of one of the setting's, an address or a folder; undefined: the family and all of the setting
 * @param zoos the setting: folder or address by name
 */
export function zooLocations(wanted: readonly string[] | undefined, zoos: Readonly<Record<string, string>>): readonly string[] {
  if (wanted === undefined || wanted.length === 0) return [family, ...Object.values(zoos)]
  return wanted.map((name) => zooLocation(name, zoos))
}

/** One of them. @param wanted the name of one of the setting's, an address or a folder */
export const zooLocation = (wanted: string, zoos: Readonly<Record<string, string>>): string =>
  Object.hasOwn(zoos, wanted) ? zoos[wanted]! : wanted
