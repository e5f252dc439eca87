import { readFile } from 'node:fs/promises'
import type { ModelBundle } from '@mnas/core/bundle'
import { reasonOf } from '@mnas/core/files'
import { parse } from 'yaml'
import type { z } from 'zod'
import { entrySchema, type ZooEntry } from '../../entry/entry-schema.js'
import { publishErrors } from '../errors.js'

export type CardTexts = ZooEntry['card']

const said: z.ZodType<Partial<CardTexts>> = entrySchema.shape.card.partial() as z.ZodType<Partial<CardTexts>>

/** What a user says of a model, in YAML. @throws MNAS_ZOO_CARD */
export async function readCardTexts(path: string): Promise<Partial<CardTexts>> {
  const wrong = (reason: string, cause?: unknown) => publishErrors.MNAS_ZOO_CARD({ path, reason }, cause)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw wrong(reasonOf(error), error)
  })
  let value: unknown
  try {
    value = parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw wrong(`it is not YAML (${(error as Error).message.split('\n')[0]})`, error)
  }
  const { data, error } = said.safeParse(value ?? {})
  if (data) return data
  const [issue] = error.issues
  throw wrong(`"${issue?.path.join('.') || 'the whole file'}": ${issue?.message}`, error)
}

const unsaid = 'Its publisher says nothing of it.'
const mostNames = 10

/** With what can be said of any model where its publisher says nothing. */
export function cardTexts(
  { architecture, labels, task }: Pick<ModelBundle, 'architecture' | 'labels' | 'task'>,
  given: Partial<CardTexts>,
): CardTexts {
  const names = labels.slice(0, mostNames).join(', ')
  const more = labels.length > mostNames ? `, and ${labels.length - mostNames} more` : ''
  const classes = labels.length === 0 ? '' : ` of ${labels.length} classes: ${names}${more}`
  return {
    summary: `${architecture.name} at ${architecture.input.size} px for ${task.name}${classes}.`.slice(0, 2000),
    intendedUse: unsaid,
    limits: unsaid,
    risks: unsaid,
    ...given,
  }
}
