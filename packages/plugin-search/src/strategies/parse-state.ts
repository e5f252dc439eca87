import type { Json } from '@mnas/core/contracts'
import type { z } from 'zod'
import { searchErrors } from '../errors.js'

/** A strategy's own state, read back. @throws MNAS_SEARCH_STATE */
export function parseState<T>(strategy: string, schema: z.ZodType<T>, json: Json): T {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const reason = result.error.issues.map((issue) => `${issue.path.join('.') || 'state'}: ${issue.message}`).join('; ')
  throw searchErrors.MNAS_SEARCH_STATE({ strategy, reason })
}
