import type { JsonObject } from '../contracts/index.js'

/** `{nms: 'fast', maxDetections: 20}` → `nms fast, max detections 20`. */
export function settingsInWords(settings: JsonObject): string {
  const words = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return Object.entries(settings)
    .map(([name, value]) => `${words(name)} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
