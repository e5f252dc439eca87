import type { LoadedPlugin } from './plugin-manifest.js'

/** Variables of the environment that plug-ins read: `mnas.variables` in their package.json. What is declared wrongly is left out. */
export function declaredVariables(plugins: readonly LoadedPlugin[]): readonly string[] {
  return plugins.flatMap(({ pjson }) => {
    const { variables } = (pjson as { readonly mnas?: { readonly variables?: unknown } }).mnas ?? {}
    return Array.isArray(variables) ? variables.filter((name): name is string => typeof name === 'string') : []
  })
}
