import type { Check, Surroundings } from '../contracts/index.js'
import { deviceContext } from '../measurement/index.js'
import type { Registry } from '../plugins/index.js'
import { firstLine } from './check.js'

/** What device drivers and tasks say of themselves. One that does not import is told of by its plug-in's own check. */
export async function checkContributions(registry: Registry, around: Surroundings): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const name of registry.names('device')) {
    const driver = await registry.get('device', name).catch(() => null)
    checks.push(...(await asked(`device ${name}`, () => driver?.check?.(deviceContext(registry, around)))))
  }
  for (const name of registry.names('task')) {
    const task = await registry.get('task', name).catch(() => null)
    checks.push(...(await asked(`task ${name}`, () => task?.check?.(around))))
  }
  return checks
}

async function asked(name: string, ask: () => Promise<readonly Check[]> | undefined): Promise<readonly Check[]> {
  try {
    return (await ask()) ?? []
  } catch (error) {
    return [{ name, status: 'failed', detail: firstLine(error), fix: 'report it to whoever made the plug-in' }]
  }
}
