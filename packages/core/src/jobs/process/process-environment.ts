import { hasProcessLimit } from '../memory/memory-room.js'

/**
 * How a training process should be started. On Linux with glibc: large allocations come from the heap and stay there, on huge pages where
 * the kernel offers them. Training allocates and frees the same large tensors every step; this is worth 5–13 % of speed and half the memory
 * (docs/adr/0002).
 */
const glibcTunables = (topPad: number) =>
  [
    'glibc.malloc.hugetlb=1',
    'glibc.malloc.mmap_max=0',
    'glibc.malloc.trim_threshold=17179869184',
    `glibc.malloc.top_pad=${topPad}`,
  ].join(':')
/** The heap grows in steps of this size. Under `ulimit -d` or `-v` a step counts whole: what does not fit a large one is lost. */
const topPads = { free: 256 * 2 ** 20, limited: 8 * 2 ** 20 } as const

export function trainingProcessEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  if (process.platform !== 'linux' || environment['GLIBC_TUNABLES'] !== undefined) return { ...environment }
  return { ...environment, GLIBC_TUNABLES: glibcTunables(hasProcessLimit() ? topPads.limited : topPads.free) }
}
