import { z } from 'zod'

/** Units are in the names of fields: `latencyMs`, `sizeBytes`. */
export const count = z.int().min(0)
export const fraction = z.number().min(0).max(1)
/** A time that something took: never 0. */
export const milliseconds = z.number().positive()
export const seconds = z.number().min(0)
