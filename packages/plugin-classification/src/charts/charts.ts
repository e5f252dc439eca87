import type { Task } from '@mnas/core/contracts'
import { z } from 'zod'
import { confusionMatrix } from './confusion-matrix.js'

const index = z.int().min(0)

/** What ClassificationMetrics.details gives: [true class, predicted class, how often], what never occurred left out. */
export const detailsSchema = z.object({ confusion: z.array(z.tuple([index, index, z.int().min(1)])) })

export const charts: NonNullable<Task['charts']> = (details, { title, labels }) => ({
  confusion: confusionMatrix(title, labels, detailsSchema.parse(details).confusion),
})
