import type { z } from 'zod'
import { type Architecture, architectureSchema } from './architecture.js'
import { type DescribedIssue, describeIssue } from './describe-issue.js'
import { architectureErrors } from './errors.js'

/**
 * Validates an architecture that came from outside.
 * @param source how errors call it: `"a1.json"`
 * @throws MNAS_ARCHITECTURE_FIELD, MNAS_ARCHITECTURE_ROW, MNAS_ARCHITECTURE_SHAPE
 */
export function parseArchitecture(json: unknown, source = 'The architecture'): Architecture {
  const result = architectureSchema.safeParse(json)
  if (result.success) return result.data
  throw architectureError(result.error, json, source)
}

function architectureError(error: z.ZodError, json: unknown, source: string): Error {
  const { rule, ...issue } = describeIssue(error.issues[0]!, json)
  const details = { ...issue, source, more: error.issues.length - 1 }
  return raise(rule)(details, error)
}

function raise(rule: DescribedIssue['rule']) {
  switch (rule) {
    case 'field':
      return architectureErrors.MNAS_ARCHITECTURE_FIELD
    case 'row':
      return architectureErrors.MNAS_ARCHITECTURE_ROW
    case 'shape':
      return architectureErrors.MNAS_ARCHITECTURE_SHAPE
    default:
      return rule satisfies never
  }
}
