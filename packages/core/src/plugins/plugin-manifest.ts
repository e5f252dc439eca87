import { type ContributionKind, contributionKinds } from '../contracts/index.js'
import { pluginErrors } from './errors.js'

/** Version of the plug-in interface: `mnas.api` in a plug-in's package.json. Grows when a contract breaks. */
export const pluginApi = 1

/** Contributions by kind and name; the value is the module's path below the plug-in's root. */
export type ContributionPaths = { readonly [K in ContributionKind]?: Readonly<Record<string, string>> }

/** What one plug-in contributes. Plain JSON, so that a child process can rebuild the registry without oclif. */
export interface PluginManifest {
  /** Package name. */
  readonly name: string
  /** Absolute path of the package's folder. */
  readonly root: string
  readonly contributes: ContributionPaths
}

/** The part of an oclif plug-in that matters here. */
export interface LoadedPlugin {
  readonly name: string
  readonly root: string
  readonly pjson: object
}

/**
 * The manifests of all plug-ins that have a `mnas` field in their package.json; others (oclif's own) are left out. Imports no plug-in code.
 * @throws MNAS_PLUGIN_API, MNAS_PLUGIN_MANIFEST
 */
export function discoverManifests(plugins: readonly LoadedPlugin[]): readonly PluginManifest[] {
  return plugins.flatMap((plugin) => {
    const declared: unknown = (plugin.pjson as { mnas?: unknown }).mnas
    return declared === undefined ? [] : [parseManifest(plugin, declared)]
  })
}

function parseManifest({ name, root }: LoadedPlugin, declared: unknown): PluginManifest {
  if (!isRecord(declared)) throw wrong(name, 'mnas', 'an object', declared)
  if (declared['api'] !== pluginApi)
    throw pluginErrors.MNAS_PLUGIN_API({ plugin: name, expected: pluginApi, received: declared['api'] })
  checkVariables(name, declared['variables'] ?? [])
  const contributes = declared['contributes'] ?? {}
  if (!isRecord(contributes)) throw wrong(name, 'mnas.contributes', 'an object', contributes)
  for (const [kind, entries] of Object.entries(contributes)) checkKind(name, kind, entries)
  return { name, root, contributes: contributes as ContributionPaths }
}

function checkVariables(plugin: string, variables: unknown): void {
  const named = Array.isArray(variables) && variables.every((name) => typeof name === 'string' && /^MNAS_[A-Z0-9_]+$/.test(name))
  if (!named) throw wrong(plugin, 'mnas.variables', 'a list of names that begin with MNAS_', variables)
}

function checkKind(plugin: string, kind: string, entries: unknown): void {
  const field = `mnas.contributes.${kind}`
  if (!(contributionKinds as readonly string[]).includes(kind))
    throw wrong(plugin, field, `one of ${contributionKinds.join(', ')}`, kind)
  if (!isRecord(entries)) throw wrong(plugin, field, 'an object of names and modules', entries)
  for (const [name, path] of Object.entries(entries)) {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw wrong(plugin, field, 'names of lower-case letters, digits and dashes', name)
    if (typeof path !== 'string' || !path.startsWith('./') || path.split('/').includes('..')) {
      throw wrong(plugin, `${field}.${name}`, 'a path inside the package that begins with "./"', path)
    }
  }
}

const wrong = (plugin: string, field: string, expected: string, received: unknown) =>
  pluginErrors.MNAS_PLUGIN_MANIFEST({ plugin, field, expected, received })

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
