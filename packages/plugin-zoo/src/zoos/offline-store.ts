import type { ZooStore } from '@mnas/core/contracts'
import { cacheErrors } from '../cache/errors.js'

/** Stands for a zoo that may not be asked. */
export function offlineStore(location: string): ZooStore {
  const refuse = async (key: string): Promise<never> => {
    throw cacheErrors.MNAS_ZOO_OFFLINE({ location, what: `"${key}"` })
  }
  return {
    location,
    access: 'read',
    read: refuse,
    stream: refuse,
    create: refuse,
    replace: refuse,
    remove: refuse,
    async flush() {},
    // What there is besides what was fetched, nobody can tell.
    list: async () => null,
    async close() {},
  }
}
