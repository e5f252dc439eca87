import type { z } from 'zod'
import type { Dataset, JsonObject, Task } from '../contracts/index.js'
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

/**
 * The architecture's task options with the task's defaults filled in.
 * @throws MNAS_ARCHITECTURE_FIELD naming the option that the task refuses
 */
export function parseTaskOptions(architecture: Architecture, task: Task): JsonObject {
  return namingOption(architecture, () => task.options.parse(architecture.task.options))
}

/**
 * The options of an architecture's task for a data set (its classes), the others as the architecture has them.
 * @throws MNAS_ARCHITECTURE_FIELD naming the option that the task refuses
 */
export function taskOptionsFor(architecture: Architecture, task: Task, dataset: Dataset): JsonObject {
  return namingOption(architecture, () => task.optionsFor(dataset, architecture.task.options))
}

function namingOption(architecture: Architecture, parse: () => JsonObject): JsonObject {
  try {
    return parse()
  } catch (error) {
    const issues = issuesOf(error)
    if (issues === undefined) throw error
    const inPlace = issues.map((issue) => ({ ...issue, path: ['task', 'options', ...issue.path] }))
    throw architectureError({ issues: inPlace }, architecture, `"${architecture.name}"`)
  }
}

/** Issues of a zod error, recognised by its shape: a plug-in may carry another copy of zod. */
function issuesOf(error: unknown): readonly z.core.$ZodIssue[] | undefined {
  const issues = (error as { issues?: unknown } | null)?.issues
  return Array.isArray(issues) && issues.length > 0 ? issues : undefined
}

function architectureError(error: { readonly issues: readonly z.core.$ZodIssue[] }, json: unknown, source: string): Error {
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
