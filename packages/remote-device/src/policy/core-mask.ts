/**
 * The fastest group of cores, as a bit mask in hexadecimal; null where all are alike or nothing is known.
 * @param maxFrequencies of each core, by its number, in any unit
 */
export function fastestCores(maxFrequencies: ReadonlyMap<number, number>): string | null {
  const fastest = Math.max(...maxFrequencies.values())
  const cores = [...maxFrequencies].filter(([, frequency]) => frequency === fastest).map(([core]) => core)
  if (cores.length === 0 || cores.length === maxFrequencies.size) return null
  return cores.reduce((mask, core) => mask | (1n << BigInt(core)), 0n).toString(16)
}

/** `4-6,8` as the kernel writes a list of cores → the mask in hexadecimal; null for what is no such list. */
export function maskOfList(list: string): string | null {
  let mask = 0n
  for (const part of list.trim().split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (!range) return null
    const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])]
    if (to > 4096) return null
    for (let core = from; core <= to; core++) mask |= 1n << BigInt(core)
  }
  return mask === 0n ? null : mask.toString(16)
}
