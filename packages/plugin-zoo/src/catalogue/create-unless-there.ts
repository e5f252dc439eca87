import type { ZooStore } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'

/** For what may differ and says the same: a second signature, a second card of one entry. The first stays. */
export async function createUnlessThere(store: ZooStore, key: string, bytes: Uint8Array): Promise<void> {
  await store.create(key, { bytes }).catch((error: unknown) => {
    if (!isMnasError(error) || error.code !== 'MNAS_ZOO_TAKEN') throw error
  })
}
