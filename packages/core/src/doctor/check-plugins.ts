import { contributionKinds } from '../contracts/index.js'
import type { Registry } from '../plugins/index.js'
import { type Finding, firstLine } from './check.js'

const reinstall = 'reinstall with "npm ci", or "mnas plugins install PACKAGE" for one of your own'

/** oclif only warns about a plug-in that does not load: here every missing one and every contribution that does not import is a failure. */
export async function checkPlugins(registry: Registry, missing: readonly string[]): Promise<readonly Finding[]> {
  const absent = missing.map((plugin): Finding => {
    return {
      name: `plug-in ${plugin}`,
      status: 'failed',
      detail: 'expected by this installation, cannot be loaded',
      fix: reinstall,
      plugin: true,
    }
  })
  const loaded = await Promise.all(registry.manifests.map(({ name }) => checkContributions(registry, name)))
  return [...absent, ...loaded]
}

async function checkContributions(registry: Registry, plugin: string): Promise<Finding> {
  const names: string[] = []
  for (const kind of contributionKinds) {
    for (const name of registry.names(kind)) {
      if (registry.owner(kind, name) !== plugin) continue
      names.push(`${kind} ${name}`)
      try {
        await registry.get(kind, name)
      } catch (error) {
        return { name: `plug-in ${plugin}`, status: 'failed', detail: firstLine(error), fix: reinstall, plugin: true }
      }
    }
  }
  return { name: `plug-in ${plugin}`, status: 'ok', detail: names.join(', ') || 'contributes nothing' }
}
