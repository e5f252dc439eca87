import type { ObjectiveWriter } from './objective-writer.js'

/** Nodes that both losses read. */
export interface AnchorTargets {
  /** [anchors, 1], 0 = background, else label index + 1. */
  readonly classes: string
  /** [anchors]: 1 for an anchor with a box in an example that counts. */
  readonly positive: string
  /** [1]: 0 for padding. */
  readonly weight: string
  /** []: anchors with a box in the whole batch, at least 1. Both parts of the loss are divided by it. */
  readonly matches: string
}

export function writeAnchorTargets(writer: ObjectiveWriter, anchors: number): AnchorTargets {
  const targetClass = writer.input('targetClass', anchors)
  const weight = writer.node('reshape', 'weight', [writer.input('weight')], { shape: [1] })
  const classes = writer.node('reshape', 'classes', [targetClass], { shape: [anchors, 1] })
  const matched = writer.of('less', 'matched', writer.constant('zero', 0), targetClass)
  const positive = writer.of('multiply', 'positive', matched, weight)
  const one = writer.node('reshape', 'one', [writer.constant('one.value', 1)], { shape: [] })
  return { classes, positive, weight, matches: writer.of('maximum', 'matches', writer.total('positives', positive), one) }
}

/**
 * [anchors, columns]: 1 in every column but the one whose number is the anchor's class.
 * @param columns the numbers; one that is no class is never left out
 */
export function writeOtherColumns(writer: ObjectiveWriter, { classes }: AnchorTargets, columns: readonly number[]): string {
  const numbers = writer.constant('columns', ...columns)
  return writer.of('add', 'other', writer.of('less', 'below', classes, numbers), writer.of('less', 'above', numbers, classes))
}
