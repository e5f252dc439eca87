import type { DataSource } from '@mnas/core/data'
import type { SearchRequest, Surroundings } from './search-request.js'

/** The images of a search, and what may be used to read them. */
export function dataSource({ data, classFolders }: SearchRequest, { settings }: Surroundings): DataSource {
  const { cacheFolder, cacheLimit: cacheLimitBytes, workers } = settings
  return { folder: data, ...(classFolders && { classFolders }), cacheFolder, cacheLimitBytes, workers }
}
