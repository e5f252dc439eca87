import { z } from 'zod'

const share = z.number().min(0).max(1)

/** A class in what DetectionMetrics.details gives. */
const classSchema = z.object({
  label: z.int().min(0),
  objects: z.int().min(0),
  ap50: share,
  precision: z.array(share).length(101),
})

/** What DetectionMetrics.details gives: classes that occur. */
export const detailsSchema = z.object({ classes: z.array(classSchema) })
export type ClassDetails = Readonly<z.infer<typeof classSchema>>

/** What a chart is of. */
export interface ChartSubject {
  readonly title: string
  readonly labels: readonly string[]
}
