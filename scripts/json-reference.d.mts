import type { z } from 'zod'

type Schemas = Readonly<Record<string, z.ZodType>>

export const jsonPage: string
/** By command, and by task and what of the answers is its business. */
export function readAnswers(): Promise<{ readonly answers: Schemas; readonly tasks: Readonly<Record<string, Schemas>> }>
export function jsonReference(): Promise<string>
