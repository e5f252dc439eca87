const frequencies =
  'for f in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/cpuinfo_max_freq; do echo "core $f $(cat $f 2>/dev/null)"; done'

/** One line of shell that asks everything at once, and how fast each core can be. @param questions a command for each name */
export function factsLine(questions: Readonly<Record<string, string>>): string {
  return [...Object.entries(questions).map(([name, command]) => `echo "${name}=$(${command})"`), frequencies].join('; ')
}

/** What a system said to such a line. */
export interface SaidFacts<K extends string> {
  /** Empty: nothing. */
  text(name: K): string
  /** kHz by core. */
  readonly frequencies: ReadonlyMap<number, number>
}

export function readFacts<K extends string>(output: string): SaidFacts<K> {
  const values = new Map<string, string>()
  const cores = new Map<number, number>()
  for (const line of output.split(/\r?\n/)) {
    const { name, value } = /^(?<name>\w+)=(?<value>.*)$/.exec(line)?.groups ?? {}
    if (name) values.set(name, value?.trim() ?? '')
    const { core, kHz } = /^core \S*\/cpu(?<core>\d+)\/cpufreq\/cpuinfo_max_freq (?<kHz>\d+)$/.exec(line.trim())?.groups ?? {}
    if (core && kHz) cores.set(Number(core), Number(kHz))
  }
  return { text: (name) => values.get(name) ?? '', frequencies: cores }
}
