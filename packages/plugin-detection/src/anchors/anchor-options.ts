import { z } from 'zod'

/** How the anchors of a detector are chosen. They are the architecture's: their number decides the width of the predictors. */
export const anchorOptionsSchema = z
  .strictObject({
    /**
     * Anchors for each cell of the first map: three is what TensorFlow's configuration has; six find several times as many boxes.
     */
    first: z.literal([3, 6]).default(6),
    /** Side of the smallest anchor, as a share of the image's. */
    smallest: z.number().gt(0).lt(1).default(0.1),
    /** Sides of the anchors of the first and the last map; between them they grow evenly. */
    scales: z.tuple([z.number().gt(0).max(1), z.number().gt(0).max(1)]).default([0.2, 0.95]),
  })
  .refine(({ scales: [low, high] }) => low <= high, { path: ['scales'], message: 'Expected the smaller one first' })

export type AnchorOptions = Readonly<z.infer<typeof anchorOptionsSchema>>
