import type { ZooStore, ZooStoreFactory } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hashBytes } from '@mnas/core/files'
import { summarizeEntry } from '../../catalogue/summarize-entry.js'
import { familyEntries, familyReleased } from '../../family/family-entries.js'
import { publishInto } from '../../publish/publish-into.js'
import { memoryStore } from './memory-store.js'

export const familyLocation = 'family:'

/** The published networks, as a zoo inside the package: `family:`. It is made when it is first read. */
const family: ZooStoreFactory = {
  async open(location, { signal }) {
    if (location !== familyLocation)
      throw storeErrors.MNAS_ZOO_LOCATION({ expected: `"${familyLocation}" for the networks inside mnas`, received: location })
    let made: Promise<ZooStore> | undefined
    const store = () => {
      made ??= familyStore(signal)
      return made
    }
    const refuse = async (): Promise<never> => {
      throw storeErrors.MNAS_ZOO_READ_ONLY({ location })
    }
    return {
      location,
      access: 'read',
      read: async (key, maxBytes) => (await store()).read(key, maxBytes),
      stream: async (key, from, toStop) => (await store()).stream(key, from, toStop),
      list: async (prefix) => (await store()).list(prefix),
      create: refuse,
      replace: refuse,
      remove: refuse,
      async flush() {},
      async close() {},
    }
  },
}
export default family

async function familyStore(signal: AbortSignal): Promise<ZooStore> {
  const store = memoryStore(familyLocation)
  for (const { entry, bytes, card, files } of familyEntries()) {
    const summary = summarizeEntry(entry, bytes, { date: familyReleased, signed: false })
    const contents = new Map(files.map((content) => [hashBytes(content), { bytes: content }]))
    await publishInto(store, { entry: bytes, summary, card, files: contents }, signal)
  }
  return store
}
