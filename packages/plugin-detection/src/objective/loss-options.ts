import type { JsonObject } from '@mnas/core/contracts'
import { describeIssues } from '@mnas/core/errors'
import { z } from 'zod'
import { detectionErrors } from '../errors.js'

const multibox = z.strictObject({
  kind: z.literal('multibox'),
  /** Negatives that count for each positive of their image. */
  negatives: z.number().min(0).default(3),
  /** And so many at least, also where there is no object. */
  leastNegatives: z.int().min(0).default(3),
})
const focal = z.strictObject({
  kind: z.literal('focal'),
  /** What the class of an anchor weighs; what it is not weighs 1 − α. */
  alpha: z.number().min(0).max(1).default(0.75),
  /** How much less an anchor counts the better it is known. */
  gamma: z.number().min(0).default(2),
})

/** The `loss` of a recipe. */
const lossSchema = z.discriminatedUnion('kind', [multibox, focal])
export type LossOptions = Readonly<z.infer<typeof lossSchema>>
export type MultiboxOptions = Extract<LossOptions, { readonly kind: 'multibox' }>
export type FocalOptions = Extract<LossOptions, { readonly kind: 'focal' }>

/** What holds where a recipe says nothing else. */
export const multiboxDefaults: MultiboxOptions = multibox.parse({ kind: 'multibox' })

/** @throws MNAS_DETECTION_RECIPE naming the field */
export function parseLoss(loss: JsonObject): LossOptions {
  const result = lossSchema.safeParse(loss)
  if (result.success) return result.data
  throw detectionErrors.MNAS_DETECTION_RECIPE({ part: 'loss', issues: describeIssues(result.error) }, result.error)
}
