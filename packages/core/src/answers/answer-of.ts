import type { z } from 'zod'
import type { DeepReadonly } from '../contracts/index.js'

/** What a command returns that promises the answer of a schema: readonly, as all data here. */
export type AnswerOf<S extends z.ZodType> = DeepReadonly<z.output<S>>
