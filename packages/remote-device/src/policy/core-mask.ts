/**
 * Bit masks in hexadecimal: of the fastest group of cores, of that and the next-fastest, and so on as long as a core is left out. Empty where all
 * are alike or nothing is known.
 * @param maxFrequencies of each core, by its number, in any unit
 */
export function fastestCores(maxFrequencies: ReadonlyMap<number, number>): readonly string[] {
  const frequencies = [...new Set(maxFrequencies.values())].toSorted((a, b) => b - a)
  return frequencies.slice(0, -1).map((slowest) => {
    const cores = [...maxFrequencies].filter(([, frequency]) => frequency >= slowest)
    return cores.reduce((mask, [core]) => mask | (1n << BigInt(core)), 0n).toString(16)
  })
}

/** The first mask with a core for each thread; null: none has so many, only all cores do. @param masks as `fastestCores` gives them */
export function maskForThreads(masks: readonly string[], threads: number): string | null {
  return masks.find((mask) => coresIn(mask) >= threads) ?? null
}

const coresIn = (mask: string): number => BigInt(`0x${mask}`).toString(2).replaceAll('0', '').length

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
