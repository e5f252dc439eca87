import { dirname } from 'node:path'
import { absolutePath } from '../files/index.js'
import { findConfigFile } from './config-file.js'
import { configErrors } from './errors.js'
import { flagOf, type SettingName, type Settings, settingNames, variableOf } from './settings.js'
import { settingsSchema } from './settings-schema.js'

/** Where a value comes from: `source` is the file's path, the variable's or the flag's name. */
export interface Origin {
  readonly kind: 'default' | 'file' | 'environment' | 'flag'
  readonly source: string
}

export interface ResolvedSettings {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingName, Origin>>
  /** The configuration file that was read, or null. */
  readonly file: string | null
}

export interface ResolveOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** One place that settings come from. Relative folders in it start at `base`. */
interface Layer {
  readonly origin: (name: SettingName) => Origin
  readonly values: Readonly<Record<string, unknown>>
  readonly base: string
}

/**
 * Defaults, then the configuration file, then `MNAS_…` variables, then flags: the last one wins.
 * @param flags a command's parsed flags; those named like a setting (`cache-folder`) count, others are ignored
 * @throws MNAS_CONFIG_FILE, MNAS_CONFIG_FIELD, MNAS_CONFIG_VALUE (with the file, variable or flag and the field)
 */
export async function resolveSettings(
  flags: Readonly<Record<string, unknown>>,
  options: ResolveOptions = {},
): Promise<ResolvedSettings> {
  const cwd = options.cwd ?? process.cwd()
  const file = await findConfigFile(cwd)
  const layers: Layer[] = [
    ...(file ? [fileLayer(file.path, file.settings)] : []),
    {
      origin: (name) => ({ kind: 'environment', source: variableOf(name) }),
      values: fromEnvironment(options.env ?? process.env),
      base: cwd,
    },
    { origin: (name) => ({ kind: 'flag', source: `--${flagOf(name)}` }), values: fromFlags(flags), base: cwd },
  ]
  let settings: Settings = settingsSchema.parse({})
  const origins = Object.fromEntries(settingNames.map((name) => [name, { kind: 'default', source: 'default' }])) as Record<
    SettingName,
    Origin
  >
  for (const layer of layers) {
    const checked = checkLayer(layer)
    settings = { ...settings, ...checked }
    for (const name of Object.keys(checked) as SettingName[]) origins[name] = layer.origin(name)
  }
  return { settings, origins, file: file?.path ?? null }
}

function fileLayer(path: string, settings: unknown): Layer {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw configErrors.MNAS_CONFIG_FILE({ path, reason: 'it does not hold an object' })
  }
  const values = settings as Readonly<Record<string, unknown>>
  for (const field of Object.keys(values)) {
    // An editor's schema hint.
    if (field !== '$schema' && !(settingNames as readonly string[]).includes(field)) {
      throw configErrors.MNAS_CONFIG_FIELD({ source: path, field, known: settingNames })
    }
  }
  return { origin: () => ({ kind: 'file', source: path }), values, base: dirname(path) }
}

/** An empty variable counts as not set, as shells' `VAR= command` means it. */
function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  return Object.fromEntries(settingNames.flatMap((name) => (env[variableOf(name)] ? [[name, env[variableOf(name)]]] : [])))
}

function fromFlags(flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    settingNames.flatMap((name) => (flags[flagOf(name)] === undefined ? [] : [[name, flags[flagOf(name)]]])),
  )
}

function checkLayer({ values, origin, base }: Layer): Partial<Settings> {
  const entries = settingNames
    .filter((name) => Object.hasOwn(values, name))
    .map((name) => [name, checkValue(name, values[name], origin(name), base)])
  return Object.fromEntries(entries)
}

function checkValue(name: SettingName, value: unknown, { source }: Origin, base: string): unknown {
  const result = settingsSchema.shape[name].safeParse(value)
  // undefined would mean the default: a file cannot say it, and a null is refused by the schema.
  if (result.success && value !== undefined) return fromBase(name, result.data, base)
  const expected = result.error?.issues[0]?.message ?? 'a value'
  throw configErrors.MNAS_CONFIG_VALUE({ source, field: name, expected, received: value ?? null })
}

/** Folders begin where they were written down. */
function fromBase(name: SettingName, value: unknown, base: string): unknown {
  if (name === 'cacheFolder') return absolutePath(String(value), base)
  if (name !== 'zoos') return value
  const zoos = Object.entries(value as Settings['zoos'])
  return Object.fromEntries(zoos.map(([zoo, place]) => [zoo, isAddress(place) ? place : absolutePath(place, base)]))
}

/** One letter before a colon is a drive. */
const isAddress = (place: string) => /^[a-z][a-z0-9+.-]+:/i.test(place)
