import type { ModelSourceContext, Surroundings } from '../contracts/index.js'
import type { Registry } from '../plugins/index.js'

/**
 * Turns a MODEL that a plug-in knows where to find (`zoo:me/photos@1.2`) into a path on this computer, for everything that resolves models; all other
 * arguments stay as they are.
 * @param zoos the setting of that name
 * @throws what the source throws
 */
export async function localModel(
  argument: string,
  registry: Registry,
  zoos: ModelSourceContext['zoos'],
  around: Surroundings,
): Promise<string> {
  const scheme = /^([a-z][a-z0-9-]+):/.exec(argument)?.[1]
  if (scheme === undefined || !registry.names('modelSource').includes(scheme)) return argument
  const source = await registry.get('modelSource', scheme)
  return source.fetch(argument, modelSourceContext(registry, zoos, around))
}

/** What a source of models may use. */
export function modelSourceContext(
  registry: Registry,
  zoos: ModelSourceContext['zoos'],
  around: Surroundings,
): ModelSourceContext {
  return {
    ...around,
    zoos,
    stores: registry.names('store'),
    store: (name) => registry.get('store', name),
    task: (name) => registry.get('task', name),
  }
}
