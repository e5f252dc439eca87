import type { Task } from '@mnas/core/contracts'
import { detailsSchema } from './class-details.js'
import { classPrecision } from './class-precision-chart.js'
import { precisionRecall } from './precision-recall-chart.js'
import { sizePrecision } from './size-precision-chart.js'

export const charts: NonNullable<Task['charts']> = (details, about) => {
  const { classes, sizes } = detailsSchema.parse(details)
  return {
    'precision-recall': precisionRecall(about, classes),
    classes: classPrecision(about, classes),
    sizes: sizePrecision(about, sizes),
  }
}
