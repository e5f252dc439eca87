import { fileURLToPath } from 'node:url'
import { createRegistry, discoverManifests, type Registry } from '@mnas/core/plugins'
import { openZoo, type Zoo, type ZooOptions } from '#internal/zoos/zoo.js'
import manifest from '../../package.json' with { type: 'json' }
import { storeSurroundings } from './store-surroundings.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What this package contributes, as the program finds it. */
export const zooRegistry = (): Registry => createRegistry(discoverManifests([{ name: manifest.name, root, pjson: manifest }]))

/** A zoo as a command opens it. */
export const openTestZoo = (location: string, cacheFolder: string, options: Partial<ZooOptions> = {}): Promise<Zoo> =>
  openZoo(location, { registry: zooRegistry(), around: storeSurroundings(cacheFolder), ...options })
