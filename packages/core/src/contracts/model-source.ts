import type { Surroundings } from './surroundings.js'
import type { Task } from './task.js'
import type { ZooStoreFactory } from './zoo-store.js'

/**
 * Models that are called by a name and lie elsewhere. A contribution is named like the scheme of its references: `zoo:me/photos@1.2` asks the
 * source `zoo`. Wherever a command takes a MODEL, it takes such a reference.
 */
export interface ModelSource {
  /**
   * Brings a model to this computer, whole or not at all.
   * @param reference with its scheme, as the user wrote it
   * @returns path of its bundle's folder, or of the file of an architecture without weights. It lies in the cache and is only read; its last part
   * is what the model is called.
   */
  fetch(reference: string, context: ModelSourceContext): Promise<string>
}

export interface ModelSourceContext extends Surroundings {
  /** The setting `zoos`: folder or address by name. */
  readonly zoos: Readonly<Record<string, string>>
  /** Names of the stores that there are. */
  readonly stores: readonly string[]
  store(name: string): Promise<ZooStoreFactory>
  task(name: string): Promise<Task>
}
