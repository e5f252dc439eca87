import { z } from 'zod'

/** Of every answer. */
export const version = z.literal(1).describe('1 until a field changes its meaning or goes')
