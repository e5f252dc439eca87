import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ContributionKind, Contributions } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'
import { pluginErrors } from './errors.js'
import type { PluginManifest } from './plugin-manifest.js'

/** Where packages meet: by contract (`device`) and name (`host`). */
export interface Registry {
  /** Plain JSON: `createRegistry(manifests)` in a child process gives the same registry. */
  readonly manifests: readonly PluginManifest[]
  /** Names of one kind, sorted, without importing any plug-in code. */
  names(kind: ContributionKind): readonly string[]
  /** The plug-in that contributes a name, or undefined. */
  owner(kind: ContributionKind, name: string): string | undefined
  /**
   * Imports the contribution (once) and gives its module's default export.
   * @throws MNAS_NAME_UNKNOWN with the nearest name, MNAS_PLUGIN_MISSING when a plug-in that could hold it does not load or a task's plug-in
   * is not installed, MNAS_PLUGIN_LOAD
   */
  get<K extends ContributionKind>(kind: K, name: string): Promise<Contributions[K]>
}

interface Entry {
  readonly plugin: PluginManifest
  readonly path: string
}

/**
 * @param missing names of the plug-ins that this installation should have and that did not load
 * @throws MNAS_PLUGIN_DUPLICATE
 */
export function createRegistry(manifests: readonly PluginManifest[], missing: readonly string[] = []): Registry {
  const entries = indexEntries(manifests)
  const names = (kind: ContributionKind) => [...(entries.get(kind)?.keys() ?? [])].sort()
  return {
    manifests,
    names,
    owner: (kind, name) => entries.get(kind)?.get(name)?.plugin.name,
    async get(kind, name) {
      const entry = entries.get(kind)?.get(name)
      if (entry) return importDefault(entry, kind, name)
      // An architecture names its task itself: a task that is not there is a missing plug-in, not a typing mistake.
      if (missing.length > 0 || kind === 'task')
        throw pluginErrors.MNAS_PLUGIN_MISSING({ what: `${kind} "${name}"`, plugins: missing })
      throw coreErrors.MNAS_NAME_UNKNOWN({ kind, name, known: names(kind) })
    },
  }
}

function indexEntries(manifests: readonly PluginManifest[]): ReadonlyMap<string, ReadonlyMap<string, Entry>> {
  const index = new Map<string, Map<string, Entry>>()
  for (const plugin of manifests) {
    for (const [kind, paths] of Object.entries(plugin.contributes)) {
      const known = index.get(kind) ?? new Map<string, Entry>()
      index.set(kind, known)
      for (const [name, path] of Object.entries(paths)) {
        const other = known.get(name)
        if (other) throw pluginErrors.MNAS_PLUGIN_DUPLICATE({ kind, name, plugins: [other.plugin.name, plugin.name] })
        known.set(name, { plugin, path })
      }
    }
  }
  return index
}

async function importDefault<K extends ContributionKind>(
  { plugin, path }: Entry,
  kind: K,
  name: string,
): Promise<Contributions[K]> {
  const failed = (reason: string, cause?: unknown) =>
    pluginErrors.MNAS_PLUGIN_LOAD({ plugin: plugin.name, kind, name, reason }, cause)
  let module: { readonly default?: unknown }
  try {
    module = await import(pathToFileURL(join(plugin.root, path)).href)
  } catch (error) {
    throw failed(firstLine(error), error)
  }
  if (module.default === undefined) throw failed(`${path} has no default export`)
  // The manifest's kind is the plug-in's promise; the conformance suites check that it is kept.
  return module.default as Contributions[K]
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
