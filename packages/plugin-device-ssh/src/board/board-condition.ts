import type { Condition } from '@mnas/remote-device'

/** One line of shell for heat, throttling, load and frequencies. `vcgencmd` is a Raspberry Pi's. */
export const conditionLine = [
  'for f in /sys/class/thermal/thermal_zone*/temp; do echo "heat $(cat $f)"; done',
  'for f in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_cur_freq; do echo "frequency $(cat $f)"; done',
  'for f in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do echo "governor $(cat $f)"; done',
  'echo "load $(cat /proc/loadavg)"',
  'if command -v vcgencmd >/dev/null; then vcgencmd get_throttled; fi',
].join('; ')

/** From about here on boards slow themselves down; a case without a fan has 60 °C at rest, so the limit of phones is none for them. */
const hotCelsius = 80

/**
 * Bits of `vcgencmd get_throttled` that hold now; those from 16 on say the same of any time since the start.
 *   0 too little voltage   1 frequency capped   2 throttled   3 soft limit of temperature
 */
const throttlingBits = { underVoltage: 1, capped: 2, throttled: 4, softLimit: 8 } as const
const slowed = throttlingBits.capped | throttlingBits.throttled | throttlingBits.softLimit

/** @param at ISO 8601 */
export function parseCondition(output: string, at: string): Condition {
  const lines = output.split(/\r?\n/)
  const numbers = (pattern: RegExp) =>
    lines.flatMap((line) => (pattern.exec(line)?.[1] === undefined ? [] : [numberIn(pattern, line)]))
  const heats = numbers(/^heat (-?\d+)$/)
    .map((thousandths) => thousandths / 1000)
    .filter((celsius) => celsius > 0 && celsius < 150)
  const megahertz = numbers(/^frequency (\d+)$/).map((kHz) => kHz / 1000)
  const governors = [...new Set(lines.flatMap((line) => /^governor (\S+)$/.exec(line)?.[1] ?? []))]
  const [load = null] = numbers(/^load (\d+\.\d+) /)
  const [throttling = null] = numbers(/^throttled=(0x[0-9a-f]+)$/i)
  const celsius = heats.length > 0 ? Math.max(...heats) : null
  const slow = throttling !== null && (throttling & slowed) !== 0
  const hot = slow || (celsius ?? 0) >= hotCelsius
  const state = {
    at,
    loadAverage: load,
    celsius,
    ...(governors.length > 0 && { governor: governors.join(' ') }),
    ...(throttling !== null && { throttling: throttlingState(throttling) }),
    ...(megahertz.length > 0 && { frequencyMhz: { lowest: Math.min(...megahertz), highest: Math.max(...megahertz) } }),
  }
  const tells = throttling !== null || celsius !== null
  return { thermalStatus: tells ? Number(hot) : null, celsius: null, batteryPercent: null, state }
}

/** What holds now, and whether any of it did since the start. */
function throttlingState(bits: number) {
  const now = Object.fromEntries(Object.entries(throttlingBits).map(([name, bit]) => [name, (bits & bit) !== 0]))
  return { ...now, sinceStart: bits >> 16 !== 0 }
}

const numberIn = (pattern: RegExp, line: string) => Number(pattern.exec(line)?.[1])
