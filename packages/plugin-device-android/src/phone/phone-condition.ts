import type { Condition } from '@mnas/remote-device'

const between = 'mnas-next'

/** One line of shell for heat, battery and frequencies. Android before 10 has no thermalservice. */
export const conditionLine = [
  'dumpsys battery',
  `echo ${between}`,
  'dumpsys thermalservice',
  `echo ${between}`,
  'cat /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_cur_freq',
].join('; ')

/** @param at ISO 8601 */
export function parseCondition(output: string, at: string): Condition {
  const [battery = '', thermal = '', frequencies = ''] = output.split(new RegExp(`^${between}\\r?$`, 'm'))
  const tenths = numberOf(/^\s*temperature:\s*(-?\d+)\s*$/m, battery)
  const celsius = tenths === null ? null : tenths / 10
  const batteryPercent = numberOf(/^\s*level:\s*(\d+)\s*$/m, battery)
  const thermalStatus = numberOf(/^\s*Thermal Status:\s*(\d+)\s*$/m, thermal)
  const powered = /^\s*(?:AC|USB|Wireless|Dock) powered:\s*true\s*$/m.test(battery)
  const megahertz = frequencies.split(/\s+/).flatMap((text) => (/^\d+$/.test(text) ? [Number(text) / 1000] : []))
  const state = {
    at,
    thermalStatus,
    batteryCelsius: celsius,
    batteryPercent,
    powered,
    ...(megahertz.length > 0 && { frequencyMhz: { lowest: Math.min(...megahertz), highest: Math.max(...megahertz) } }),
  }
  return { thermalStatus, celsius, batteryPercent, state }
}

function numberOf(pattern: RegExp, text: string): number | null {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? null : Number(found)
}
