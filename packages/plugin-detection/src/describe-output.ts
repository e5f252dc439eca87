import type { JsonObject, OutputContext, Tensors } from '@mnas/core/contracts'
import { z } from 'zod'
import type { DetectionOutput } from './answers/output.js'
import { DetectorAnswers } from './detections/detector-answers.js'
import { inPhoto } from './detections/photo-detections.js'
import { evaluationSuppression } from './detections/suppression.js'

/** What people are told of detections. */
export const answerOptionsSchema = z.strictObject({
  threshold: z.number().min(0).max(1).default(0.3).describe('least score of what is told'),
})

/** The best first, in pixels of the photo as it is shown, from `boxes` and `scores` of one example. */
export function describeOutput(outputs: Tensors, { labels, frame, targets, options = {} }: OutputContext): DetectionOutput {
  const { threshold } = answerOptionsSchema.parse(options)
  const answers = new DetectorAnswers({ classes: labels.length }, targets)
  const found = answers.detections(outputs, 0, { ...evaluationSuppression, scoreThreshold: threshold })
  const detections = inPhoto(found, frame, answers.inputSize).map(({ label, score, box: [x, y, width, height] }) => ({
    label: labels[label]!,
    score,
    box: { x, y, width, height },
  }))
  return { detections }
}

/** `dog 93.1 % at 12, 40 (200 × 180), cat 40.2 % at …`: the best few of what describeOutput gave. */
export function formatOutput(output: JsonObject, most: number): string {
  const { detections } = output as DetectionOutput
  if (detections.length === 0) return 'nothing found'
  const named = detections.slice(0, most).map(({ label, score, box: { x, y, width, height } }) => {
    const [left, top, across, down] = [x, y, width, height].map(Math.round)
    return `${label} ${(score * 100).toFixed(1)} % at ${left}, ${top} (${across} × ${down})`
  })
  const others = detections.length - named.length
  return others > 0 ? `${named.join(', ')} and ${others} more` : named.join(', ')
}
