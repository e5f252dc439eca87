import { readFileSync } from 'node:fs'
import { sharedReference } from '../../../../test/support/shared-data.js'

/** A JSON file of reference/ssdlite-golden, or null where it is absent. @throws where CI is set: there it must be present */
export function golden<T>(name: string): T | null {
  const path = sharedReference(`ssdlite-golden/${name}`)
  if (path) return JSON.parse(readFileSync(path, 'utf8')) as T
  if (process.env['CI']) throw new Error(`../shared/reference/ssdlite-golden/${name} must be present in continuous integration`)
  return null
}
