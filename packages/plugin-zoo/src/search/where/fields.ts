import { parseCount, parseDuration, parseSize } from '@mnas/core/config'
import { isMnasError } from '@mnas/core/errors'

/** What a field holds, and so how its values are written. */
export type FieldKind = 'text' | 'number' | 'metric' | 'count' | 'bytes' | 'ms'

/** Fields that every entry has; metrics are fields too. */
export const fields = {
  name: 'text',
  release: 'text',
  task: 'text',
  architecture: 'text',
  licence: 'text',
  device: 'text',
  dataset: 'text',
  precision: 'text',
  basis: 'text',
  accelerator: 'text',
  ms: 'ms',
  sizeBytes: 'bytes',
  parameters: 'count',
  multiplyAdds: 'count',
  inputSize: 'number',
  classes: 'number',
  images: 'number',
  threads: 'number',
} as const satisfies Record<string, FieldKind>
export type FieldName = keyof typeof fields

/** Null: there is no such field. */
export function kindOf(field: string, metrics: readonly string[]): FieldKind | null {
  if (Object.hasOwn(fields, field)) return fields[field as FieldName]
  return metrics.includes(field) ? 'metric' : null
}

/** Null when the text is no such value. */
export function readValue(kind: FieldKind, text: string): number | string | null {
  switch (kind) {
    case 'text':
      return text
    case 'number':
      return numberOf(text)
    case 'metric':
      return text.endsWith('%') ? percent(numberOf(text.slice(0, -1))) : numberOf(text)
    case 'count':
      return numberOf(text) ?? withUnit(parseCount, text)
    case 'bytes':
      return withUnit(parseSize, text)
    case 'ms':
      return numberOf(text) ?? withUnit(parseDuration, text)
    default:
      return kind satisfies never
  }
}

const percent = (value: number | null) => (value === null ? null : value / 100)
const numberOf = (text: string) => (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null)

function withUnit(parse: (text: string) => number, text: string): number | null {
  try {
    return parse(text)
  } catch (error) {
    if (isMnasError(error)) return null
    throw error
  }
}
