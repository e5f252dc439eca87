/** The parts of oclif's Config that tell which plug-ins there should be. */
interface PluginHost {
  readonly pjson: { readonly oclif: { readonly plugins?: readonly unknown[] } }
  readonly plugins: ReadonlyMap<string, unknown>
}

/** Plug-ins that this installation names and that oclif could not load (it only warns about them). oclif's own are left out. */
export function missingPlugins(config: PluginHost): readonly string[] {
  const expected = (config.pjson.oclif.plugins ?? []).filter((name): name is string => typeof name === 'string')
  return expected.filter((name) => !name.startsWith('@oclif/') && !config.plugins.has(name))
}
