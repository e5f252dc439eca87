import { openZoo, type Zoo, type ZooOptions } from './zoo.js'

/** Opens zoos for as long as the work takes. @throws MNAS_ZOO_LOCATION and what `work` throws */
export async function withZoos<T>(
  locations: readonly string[],
  options: ZooOptions,
  work: (zoos: readonly Zoo[]) => Promise<T>,
): Promise<T> {
  const zoos: Zoo[] = []
  try {
    for (const location of locations) zoos.push(await openZoo(location, options))
    return await work(zoos)
  } finally {
    for (const zoo of zoos) await zoo.close()
  }
}
