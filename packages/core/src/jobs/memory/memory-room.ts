import { readFileSync } from 'node:fs'
import { availableMemory } from 'node:process'

/** How much more this process may take, and what would stop it. */
export interface MemoryRoom {
  readonly bytes: number
  /** memory: of the computer or of the container; data, address space: a limit of the process (ulimit -d, -v). */
  readonly limit: 'memory' | 'data' | 'address space'
}

/** Lines of /proc/self/limits and the lines of /proc/self/status that count against them. */
const processLimits = [
  { limit: 'data', row: 'Max data size', used: 'VmData' },
  { limit: 'address space', row: 'Max address space', used: 'VmSize' },
] as const

/** The tightest of free memory (of the container, where there is one) and the process's own limits. */
export function memoryRoom(): MemoryRoom {
  const free: MemoryRoom = { bytes: availableMemory(), limit: 'memory' }
  const limits = readText('/proc/self/limits')
  const status = readText('/proc/self/status')
  const rooms = processLimits.flatMap(({ limit, row, used }): MemoryRoom[] => {
    const most = Number(new RegExp(`^${row} +(\\d+)`, 'm').exec(limits)?.[1] ?? Number.NaN)
    const now = Number(new RegExp(`^${used}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024
    return Number.isFinite(most - now) ? [{ bytes: Math.max(0, most - now), limit }] : []
  })
  return rooms.reduce((tightest, room) => (room.bytes < tightest.bytes ? room : tightest), free)
}

/** Whether a limit of the process itself is in force. */
export const hasProcessLimit = (): boolean =>
  processLimits.some(({ row }) => new RegExp(`^${row} +\\d`, 'm').test(readText('/proc/self/limits')))

/** Processes that Linux has killed for want of memory since it started, containers' included; null where nobody counts. */
export function outOfMemoryKills(): number | null {
  const count = /^oom_kill (\d+)/m.exec(readText('/proc/vmstat'))?.[1]
  return count === undefined ? null : Number(count)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
