import type { Check, RuntimeInfo, Surroundings } from '../contracts/index.js'
import type { MnasErrorRecord } from '../errors/index.js'
import type { Registry } from '../plugins/index.js'
import { firstLine } from './check.js'

interface Found {
  readonly name: string
  readonly format: string
  readonly result: RuntimeInfo | MnasErrorRecord
}

/** A runtime that is not available is a hint while another one runs the same format, a failure when none does. */
export async function checkRuntimes(registry: Registry, around: Surroundings): Promise<readonly Check[]> {
  const all = await Promise.all(registry.names('runtime').map((name) => find(registry, name, around)))
  const found = all.filter((one) => one !== null)
  const runnable = new Set(found.filter(({ result }) => 'sha256' in result).map(({ format }) => format))
  return found.map(({ name, format, result }): Check => {
    const title = `runtime ${name}`
    if ('sha256' in result) return { name: title, status: 'ok', detail: `${result.name} ${result.version} runs .${format}` }
    return { name: title, status: runnable.has(format) ? 'hint' : 'failed', detail: result.message }
  })
}

/** Null when it does not even import: the plug-in's own check says so. */
async function find(registry: Registry, name: string, around: Surroundings): Promise<Found | null> {
  const runtime = await registry.get('runtime', name).catch(() => null)
  if (runtime === null) return null
  const result = await runtime
    .available(around)
    .catch((error: unknown) => ({ code: 'MNAS_INTERNAL', message: firstLine(error), exitCode: 1 }))
  return { name, format: runtime.format, result }
}
