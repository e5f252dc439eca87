import type { Surroundings } from '@mnas/core/contracts'

/** What a store is given in tests; nobody listens. */
export const storeSurroundings = (cacheFolder: string): Surroundings => ({
  cacheFolder,
  signal: new AbortController().signal,
  warn: () => undefined,
})
