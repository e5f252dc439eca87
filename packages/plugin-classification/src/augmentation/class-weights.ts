import { z } from 'zod'
import { classificationErrors } from '../errors.js'

/** `balanced`, or a weight by label (others: 1). */
export const classWeightsSchema = z.union([z.literal('balanced'), z.record(z.string(), z.number().min(0))])
export type ClassWeights = Readonly<z.infer<typeof classWeightsSchema>>

/**
 * How much an example of each class counts in the loss; `balanced`: N / (K · n), so that all classes count alike whatever their number n of the
 * N examples (King & Zeng 2001).
 * @param counts examples of each label
 * @throws MNAS_DATA_AUGMENTATION for a label that the data does not have
 */
export function resolveClassWeights(
  weights: ClassWeights,
  labels: readonly string[],
  counts: readonly number[],
): readonly number[] {
  if (weights === 'balanced') {
    const occurring = counts.filter((count) => count > 0)
    const examples = occurring.reduce((sum, count) => sum + count, 0)
    return counts.map((count) => (count === 0 ? 1 : examples / (occurring.length * count)))
  }
  const stranger = Object.keys(weights).find((label) => !labels.includes(label))
  if (stranger === undefined) return labels.map((label) => weights[label] ?? 1)
  const issues = `classWeights.${stranger}: the labels are ${labels.slice(0, 8).join(', ')}${labels.length > 8 ? ' …' : ''}`
  throw classificationErrors.MNAS_DATA_AUGMENTATION({ part: 'augmentation', issues })
}
