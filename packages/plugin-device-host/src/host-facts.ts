import { readFile } from 'node:fs/promises'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import type { Hash, JsonObject } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'

/** What this computer is: everything that moves latency but the model and the runtime. */
export interface HostFacts {
  readonly processor: string
  readonly cores: number
  readonly architecture: string
  readonly system: string
  readonly kernel: string
}

export async function hostFacts(): Promise<HostFacts> {
  return {
    processor: await processorName(),
    cores: availableParallelism(),
    architecture: arch(),
    system: platform(),
    kernel: release(),
  }
}

export function hostFingerprint(facts: HostFacts): Hash {
  return hashJson({ device: 'host', ...facts })
}

export const memoryBytes = (): number => totalmem()

/** What changes from minute to minute and explains an unstable measurement. A frequency that cannot be read is left out. */
export async function hostState(): Promise<JsonObject> {
  const frequencies = await coreFrequenciesMhz()
  return {
    at: new Date().toISOString(),
    loadAverage: loadavg()[0] ?? 0,
    ...(frequencies.length > 0 && { frequencyMhz: { lowest: Math.min(...frequencies), highest: Math.max(...frequencies) } }),
  }
}

/** Arm kernels tell no model name; implementer and part number of the cores take its place. */
async function processorName(): Promise<string> {
  const name = cpus()[0]?.model.trim()
  if (name && name !== 'unknown') return name
  const parts = fieldsOf(await procCpuinfo(), 'CPU implementer', 'CPU part')
  return parts.length > 0 ? [...new Set(parts)].join(' ') : 'unknown'
}

async function coreFrequenciesMhz(): Promise<readonly number[]> {
  const governed = await Promise.all(
    cpus().map((_, core) =>
      readText(`/sys/devices/system/cpu/cpu${core}/cpufreq/scaling_cur_freq`).then((text) => Number(text) / 1000),
    ),
  )
  const known = governed.filter((frequency) => frequency > 0)
  if (known.length > 0) return known
  return fieldsOf(await procCpuinfo(), 'cpu MHz')
    .map(Number)
    .filter((frequency) => frequency > 0)
}

const procCpuinfo = () => readText('/proc/cpuinfo')
/** These files exist on Linux only. */
const readText = (path: string) => readFile(path, 'utf8').catch(() => '')

function fieldsOf(cpuinfo: string, ...names: readonly string[]): readonly string[] {
  return cpuinfo.split('\n').flatMap((line) => {
    const [name, value] = line.split(':', 2)
    return value !== undefined && names.includes(name?.trim() ?? '') ? [value.trim()] : []
  })
}
