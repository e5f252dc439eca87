import { resolveSettings, type Settings, settingsSchema } from '../config/index.js'
import type { Surroundings } from '../contracts/index.js'
import { createRegistry, discoverManifests, type LoadedPlugin, type Registry } from '../plugins/index.js'
import { attempt, type Finding, firstLine } from './check.js'
import { checkContributions } from './check-contributions.js'
import { checkAccelerators, checkEngine } from './check-engine.js'
import { checkCacheFolder, checkDisk, checkNode } from './check-machine.js'
import { checkPlugins } from './check-plugins.js'
import { checkRuntimes } from './check-runtimes.js'

export interface Installation {
  readonly plugins: readonly LoadedPlugin[]
  /** Plug-ins that should be there and did not load. */
  readonly missing: readonly string[]
  /** The root package's `engines.node`. */
  readonly nodeRange: string | undefined
  readonly signal: AbortSignal
  warn(message: string): void
}

/** Checks everything that mnas needs, each on its own: one failure hides no other. Never throws. */
export async function examine({ plugins, missing, nodeRange, signal, warn }: Installation): Promise<readonly Finding[]> {
  const [settings, configuration] = await checkConfiguration()
  const around = { cacheFolder: settings.cacheFolder, signal, warn }
  const registry = openRegistry(plugins, missing)
  return [
    checkNode(nodeRange),
    configuration,
    await checkCacheFolder(settings.cacheFolder),
    await checkDisk(settings.cacheFolder, settings.cacheLimit),
    ...('status' in registry ? [registry] : await checkRegistry(registry, missing, around)),
  ]
}

async function checkRegistry(registry: Registry, missing: readonly string[], around: Surroundings): Promise<readonly Finding[]> {
  const plugins = await checkPlugins(registry, missing)
  const engines: Finding[] = []
  for (const name of registry.names('engine')) {
    const engine = await registry.get('engine', name).catch(() => null)
    const fix = 'reinstall with "npm ci" on this platform'
    if (!engine) continue
    engines.push(await attempt(`engine ${name}`, fix, () => checkEngine(engine)), ...(await checkAccelerators(engine)))
  }
  return [...plugins, ...engines, ...(await checkRuntimes(registry, around)), ...(await checkContributions(registry, around))]
}

function openRegistry(plugins: readonly LoadedPlugin[], missing: readonly string[]): Registry | Finding {
  try {
    return createRegistry(discoverManifests(plugins), missing)
  } catch (error) {
    return {
      name: 'plug-ins',
      status: 'failed',
      detail: firstLine(error),
      fix: 'remove or update the plug-in that is named',
      plugin: true,
    }
  }
}

async function checkConfiguration(): Promise<[Settings, Finding]> {
  try {
    const { settings, file } = await resolveSettings({})
    return [settings, { name: 'configuration', status: 'ok', detail: file ?? 'defaults and environment (no file)' }]
  } catch (error) {
    const fix = 'correct it there'
    return [settingsSchema.parse({}), { name: 'configuration', status: 'failed', detail: firstLine(error), fix }]
  }
}
