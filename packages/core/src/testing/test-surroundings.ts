import { defaultCacheFolder } from '../config/index.js'
import type { Surroundings } from '../contracts/index.js'

/** What tests give a runtime or a check: the cache folder of the commands, where native libraries lie, and nobody who listens. */
export function testSurroundings(changes: Partial<Surroundings> = {}): Surroundings {
  return { cacheFolder: defaultCacheFolder(), signal: new AbortController().signal, warn: () => undefined, ...changes }
}
