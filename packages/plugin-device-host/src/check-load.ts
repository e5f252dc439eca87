import { availableParallelism, loadavg, platform } from 'node:os'
import type { Check } from '@mnas/core/contracts'

/**
 * Whether this computer is quiet enough to time on: at least half of its cores have nothing to do.
 * @param load of the last minute: how many threads wanted to run at once
 */
export function checkLoad(load: number = loadavg()[0] ?? 0, cores: number = availableParallelism()): Check {
  const name = 'device host'
  // Windows has no load average and says 0.
  if (platform() === 'win32') return { name, status: 'ok', detail: `${cores} cores` }
  const detail = `load ${load.toFixed(1)} on ${cores} cores`
  if (load <= cores / 2) return { name, status: 'ok', detail: `quiet enough to time on: ${detail}` }
  const fix = 'end other programs before you measure, or expect latencies that are marked unstable'
  return { name, status: 'hint', detail: `busy: ${detail}`, fix }
}
