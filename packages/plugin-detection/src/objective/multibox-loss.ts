import { type AnchorTargets, writeOtherColumns } from './anchor-targets.js'
import type { MultiboxOptions } from './loss-options.js'
import type { ObjectiveWriter } from './objective-writer.js'

/**
 * Sigmoid cross-entropy summed over the background's column and those of the classes, of which an anchor's own is 1 and the
 * others are 0, of the anchors with a box and of the hardest others of each image (Liu et al. 2016, §2.2): the
 * max(leastNegatives, negatives · positives) with the largest loss, of equal ones the first. No gradient goes through the choice.
 * TensorFlow's configuration chooses among what is left by a suppression at an overlap of .99, which drops next to nothing.
 * @param columns classes + 1
 * @returns [], the sum over the batch
 */
export function writeMultiboxLoss(
  writer: ObjectiveWriter,
  targets: AnchorTargets,
  { negatives, leastNegatives }: MultiboxOptions,
  { anchors, columns }: { readonly anchors: number; readonly columns: number },
): string {
  const { positive, weight } = targets
  const scores = writer.input('scores', anchors, columns)
  const other = writeOtherColumns(
    writer,
    targets,
    Array.from({ length: columns }, (_, column) => column),
  )
  const chosen = writer.of('select', 'chosen', other, writer.constant('nothing', 0), scores)
  const all = writer.sum('softplusOfAnchor', writer.node('softplus', 'softplus', [scores], {}), 1)
  const entropy = writer.of('subtract', 'entropy', all, writer.sum('chosenOfAnchor', chosen, 1))

  // An entropy is never negative: positives come last.
  const still = writer.node('stopGradient', 'still', [entropy], {})
  const hardness = writer.of('select', 'hardness', positive, writer.constant('last', -1), still)
  const wanted = writer.of('multiply', 'wanted', writer.sum('count', positive, 0, true), writer.constant('ratio', negatives))
  const limit = writer.of('maximum', 'limit', writer.constant('least', leastNegatives), wanted)
  const hard = writer.of('less', 'hard', writer.node('rank', 'rank', [hardness], {}), limit)
  const kept = writer.of('maximum', 'kept', positive, writer.of('multiply', 'negative', hard, weight))
  return writer.total('classTotal', writer.of('multiply', 'classOfKept', entropy, kept))
}
