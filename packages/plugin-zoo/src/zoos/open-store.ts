import { isAbsolute } from 'node:path'
import type { Surroundings, ZooStore, ZooStoreFactory } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { absolutePath } from '@mnas/core/files'

/** As much of the registry as knows stores. */
export interface StoreRegistry {
  names(kind: 'store'): readonly string[]
  get(kind: 'store', name: string): Promise<ZooStoreFactory>
}

/** `https://…` → https; a folder has no scheme, and one letter before a colon is a drive of Windows. */
export const schemeOf = (location: string): string => /^([a-z][a-z0-9+.-]+):/i.exec(location)?.[1]?.toLowerCase() ?? 'folder'

/**
 * The same for a zoo however it is written, to remember and to trust it by: a folder from the root on, an address as URLs are written, without a slash
 * at its end.
 */
export function identityOf(location: string): string {
  switch (schemeOf(location)) {
    case 'folder':
      return absolutePath(location)
    case 'http':
    case 'https':
      return withoutSlash(URL.canParse(location) ? new URL(location).href : location)
    default:
      return withoutSlash(location)
  }
}

/** A pattern of the trust list: of locations written as `identityOf` writes them, of names as it is. No name begins with a dot, `~` or a slash. */
export const patternOf = (pattern: string): string =>
  schemeOf(pattern) !== 'folder' || isAbsolute(pattern) || /^(?:\.{1,2}|~)(?:[\\/]|$)/.test(pattern)
    ? identityOf(pattern)
    : pattern

const withoutSlash = (location: string) => location.replace(/\/+$/, '')

/** @throws MNAS_ZOO_LOCATION */
export async function openStore(registry: StoreRegistry, location: string, around: Surroundings): Promise<ZooStore> {
  const scheme = schemeOf(location)
  const known = registry.names('store')
  if (!known.includes(scheme)) {
    const schemes = known.filter((name) => name !== 'folder').map((name) => `${name}:`)
    throw storeErrors.MNAS_ZOO_LOCATION({
      expected: `a folder, or an address that begins with ${schemes.join(', ')}`,
      received: location,
    })
  }
  return (await registry.get('store', scheme)).open(location, around)
}
