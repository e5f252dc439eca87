import type { JsonObject, Tensors } from '@mnas/core/contracts'

/**
 * `{predictions: [{label, probability}, …]}`, best first, every label. Reads `probabilities` (a deployed model) or else `logits` of one
 * example.
 */
export function describeOutput(outputs: Tensors, labels: readonly string[]): JsonObject {
  const probabilities = outputs['probabilities'] ? [...outputs['probabilities'].data] : softmax([...outputs['logits']!.data])
  const predictions = labels.map((label, index) => ({ label, probability: probabilities[index]! }))
  return { predictions: predictions.sort((a, b) => b.probability - a.probability) }
}

function softmax(logits: readonly number[]): readonly number[] {
  const peak = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - peak))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}
