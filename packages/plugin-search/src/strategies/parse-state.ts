import type { Json } from '@mnas/core/contracts'
import { describeIssues } from '@mnas/core/errors'
import type { z } from 'zod'
import { searchErrors } from '../errors.js'

/** A strategy's own state, read back. @throws MNAS_SEARCH_STATE */
export function parseState<T>(strategy: string, schema: z.ZodType<T>, json: Json): T {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const reason = describeIssues(result.error, 'state')
  throw searchErrors.MNAS_SEARCH_STATE({ strategy, reason })
}
