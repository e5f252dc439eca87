import { z } from 'zod'
import { evaluationSuppression, type Suppression } from '../detections/suppression.js'

/** How a deployed detector makes detections. */
export const deploymentSchema = z.strictObject({
  postprocess: z
    .enum(['op', 'none'])
    .default('op')
    .describe('op: the file gives detections; none: what the network says of each anchor, and the app does the rest'),
  nms: z
    .enum(['regular', 'fast'])
    .default('regular')
    .describe('regular: each class by itself; fast: the best class of each anchor alone, for a small part of the time'),
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('least score of a detection; below .01 the operator costs as much as a network'),
  maxDetections: z.int().min(1).max(1000).default(100).describe('how many detections a photo has at the most'),
})

export type DeploymentOptions = Readonly<z.infer<typeof deploymentSchema>>

/** The rules of a file. Its limit for all is that for one class too. */
export function deployedSuppression({ nms, threshold, maxDetections }: DeploymentOptions): Suppression {
  return {
    rule: nms,
    scoreThreshold: threshold,
    overlapThreshold: evaluationSuppression.overlapThreshold,
    maxDetections,
    maxPerClass: maxDetections,
    classesPerDetection: 1,
  }
}
