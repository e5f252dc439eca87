import type { DeviceWait } from '@mnas/core/contracts'
import { type Condition, doubtsAbout } from './condition.js'

const firstSeconds = 10
const longestSeconds = 300

/**
 * What to do about heat: the next wait, ten seconds at first and then twice as long each time; or null, when the device is cool, or has been
 * waited for as long as the limit allows.
 * @param waited seconds so far, and how often
 */
export function coolDown(
  condition: Omit<Condition, 'state'>,
  waited: { readonly seconds: number; readonly times: number },
  limitSeconds: number,
): DeviceWait | null {
  if (!doubtsAbout(condition).includes('thermal')) return null
  const left = limitSeconds - waited.seconds
  if (left <= 0) return null
  const seconds = Math.min(firstSeconds * 2 ** waited.times, longestSeconds, left)
  return { reason: heatOf(condition), seconds }
}

function heatOf({ celsius, thermalStatus }: Omit<Condition, 'state'>): string {
  const facts = [
    ...(celsius === null ? [] : [`${celsius.toFixed(1)} °C`]),
    ...(thermalStatus ? [`thermal status ${thermalStatus}`] : []),
  ]
  return `the device is hot (${facts.join(', ')})`
}
