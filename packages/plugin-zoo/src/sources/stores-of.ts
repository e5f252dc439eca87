import type { ModelSourceContext } from '@mnas/core/contracts'
import type { StoreRegistry } from '../zoos/open-store.js'

/** The stores that a source of models may use, as the registry knows them. */
export const storesOf = ({ stores, store }: ModelSourceContext): StoreRegistry => ({
  names: () => stores,
  get: (_, name) => store(name),
})
