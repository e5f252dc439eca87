/** Contenders of a comparison: each in a process of its own, in turn, medians compared. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** PyTorch's best allocator settings on Linux: freed memory stays mapped. */
export const mallocSettings = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '17179869184', MALLOC_TOP_PAD_: '268435456' }

/** What a contender prints as its last line, JSON. */
export function child(program, argv, env) {
  const { status, signal, stdout, stderr, error } = spawnSync(program, argv, { encoding: 'utf8', env, cwd: root })
  if (status !== 0) throw new Error(`${program} ${argv[0]} failed (${signal ?? status ?? error}): ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

export function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
