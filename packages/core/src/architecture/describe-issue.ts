import type { z } from 'zod'
import { didYouMean } from '../errors/index.js'
import type { BrokenRule } from './cross-field-rules.js'

/** One zod issue in the words of our errors. */
export interface DescribedIssue {
  readonly rule: 'field' | BrokenRule['rule']
  /** `blocks[2].kernel` */
  readonly field: string
  readonly expected: string
  readonly received: string
}

const knownFields = [
  ...[
    'version',
    'name',
    'input',
    'size',
    'padding',
    'activation',
    'batchNormEpsilon',
    'stem',
    'blocks',
    'head',
    'task',
    'options',
  ],
  ...['op', 'repeats', 'kernel', 'stride', 'expansion', 'expansionConvolution', 'filters', 'squeezeExcite', 'skip'],
]

/** @param root the value that was validated: issues do not carry what they found */
export function describeIssue(issue: z.core.$ZodIssue, root: unknown): DescribedIssue {
  const field = fieldName(issue.path)
  const received = show(issue.path.reduce<unknown>(valueAt, root))
  switch (issue.code) {
    case 'custom': {
      const broken = issue.params as BrokenRule | undefined
      return broken ? { ...broken, field } : { rule: 'field', field, expected: issue.message, received }
    }
    case 'invalid_value':
      return { rule: 'field', field, expected: issue.values.map((value) => JSON.stringify(value)).join(' or '), received }
    case 'invalid_type':
      return { rule: 'field', field, expected: `a value of type ${issue.expected}`, received }
    case 'too_small':
      return { rule: 'field', field, expected: `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`, received }
    case 'too_big':
      return { rule: 'field', field, expected: `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`, received }
    case 'unrecognized_keys': {
      const key = issue.keys[0]!
      // A task's options are its own: what they are called is not known here.
      const hint = issue.path[0] === 'task' && issue.path.length > 1 ? '' : `.${didYouMean(key, knownFields)}`
      const expected = `no field of that name${hint}`.replace(/[.?]$/, '')
      return { rule: 'field', field: fieldName([...issue.path, key]), expected, received: `"${key}"` }
    }
    default:
      return { rule: 'field', field, expected: issue.message, received }
  }
}

function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return name === '' ? 'at the top' : name.replace(/^\./, '')
}

function valueAt(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined
}

/** A value on one line, short. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
