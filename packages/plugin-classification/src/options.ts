import { z } from 'zod'

/** What a classifier's architecture says about its head. */
export const optionsSchema = z.strictObject({
  classes: z.int().min(2).max(100_000),
  /** Before the dense layer, while training. */
  dropout: z.number().min(0).lt(1).default(0.2),
})

export type ClassificationOptions = Readonly<z.infer<typeof optionsSchema>>
