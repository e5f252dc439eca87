import type { JsonObject, OutputContext, Tensors } from '@mnas/core/contracts'
import type { ClassificationOutput } from './answers/output.js'

/** Best first, every label, from `probabilities` of one example. */
export function describeOutput(outputs: Tensors, { labels }: Pick<OutputContext, 'labels'>): ClassificationOutput {
  const { data } = outputs['probabilities']!
  const predictions = labels.map((label, index) => ({ label, probability: data[index]! }))
  return { predictions: predictions.sort((a, b) => b.probability - a.probability) }
}

/** `glass 93.1 %, paper 4.0 %`: the best few of what describeOutput gave. */
export function formatOutput(output: JsonObject, most: number): string {
  return (output as ClassificationOutput).predictions
    .slice(0, most)
    .map(({ label, probability }) => `${label} ${(probability * 100).toFixed(1)} %`)
    .join(', ')
}
