import { z } from 'zod'
import { boxSizes } from '../evaluation/coco-rules.js'

const share = z.number().min(0).max(1)

/** A class in what DetectionMetrics.details gives. */
const classSchema = z.object({
  label: z.int().min(0),
  objects: z.int().min(0),
  ap50: share,
  precision: z.array(share).length(101),
})

/** Objects of one of COCO's sizes in what DetectionMetrics.details gives. */
const sizeSchema = z.object({
  size: z.enum(boxSizes),
  objects: z.int().min(1),
  /** Mean average precision at overlaps from .5 to .95. */
  map: share,
  /** Share of them that is found among 100 detections of a photo, the mean over these overlaps. */
  recall: share,
})

/** What DetectionMetrics.details gives: classes and sizes that occur. */
export const detailsSchema = z.object({ classes: z.array(classSchema), sizes: z.array(sizeSchema) })
export type SizeDetails = Readonly<z.infer<typeof sizeSchema>>
export type ClassDetails = Readonly<z.infer<typeof classSchema>>

/** What a chart is of. */
export interface ChartSubject {
  readonly title: string
  readonly labels: readonly string[]
}
