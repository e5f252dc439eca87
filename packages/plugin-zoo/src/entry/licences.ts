import { createRequire } from 'node:module'
import parse from 'spdx-expression-parse'
import { z } from 'zod'

/** Whether it is an SPDX expression, such as `MIT` or `Apache-2.0 OR MIT`. */
export function isLicence(text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}

export const licenceExpression = z.string().max(200).refine(isLicence, 'an SPDX expression such as MIT or Apache-2.0')

/** The package is one JSON file. */
const ids = createRequire(import.meta.url)('spdx-license-ids') as readonly string[]

/** What SPDX calls a licence that others write in letters of their own (`apache-2.0` on the hub); null: it has no name there. */
export function licenceNamed(text: string): string | null {
  if (isLicence(text)) return text
  const wanted = text.trim().toLowerCase()
  return ids.find((id) => id.toLowerCase() === wanted) ?? null
}
