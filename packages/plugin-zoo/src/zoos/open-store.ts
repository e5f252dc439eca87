import { resolve } from 'node:path'
import type { Surroundings, ZooStore, ZooStoreFactory } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'

/** As much of the registry as knows stores. */
export interface StoreRegistry {
  names(kind: 'store'): readonly string[]
  get(kind: 'store', name: string): Promise<ZooStoreFactory>
}

/** `https://…` → https; a folder has no scheme, and one letter before a colon is a drive of Windows. */
export const schemeOf = (location: string): string => /^([a-z][a-z0-9+.-]+):/i.exec(location)?.[1]?.toLowerCase() ?? 'folder'

/** The same for a zoo however it is written, to remember things by: a folder means another one from elsewhere. */
export const identityOf = (location: string): string =>
  schemeOf(location) === 'folder' ? resolve(location) : location.replace(/\/+$/, '')

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
