import { type AnchorTargets, writeOtherColumns } from './anchor-targets.js'
import type { FocalOptions } from './loss-options.js'
import type { ObjectiveWriter } from './objective-writer.js'

/** In the place of the background's column: no anchor has this class, so that nothing is a target there. */
const noClass = -1

/**
 * Focal loss (Lin et al. 2017, eq. 5) over all anchors and columns. With z the logit of what is false, a score itself, or its
 * negative in the column of the anchor's class:
 *
 *   α · σ(z)^γ · softplus(z)     σ(z)^γ = exp(γ · (z − softplus(z)))
 *
 * where α of the anchor's own class is `alpha`, else 1 − alpha. The background is no class: all columns of such an anchor are
 * false.
 * @param columns classes + 1
 * @returns [], the sum over the batch
 */
export function writeFocalLoss(
  writer: ObjectiveWriter,
  targets: AnchorTargets,
  { alpha, gamma }: FocalOptions,
  { anchors, columns }: { readonly anchors: number; readonly columns: number },
): string {
  const scores = writer.input('scores', anchors, columns)
  const numbers = Array.from({ length: columns }, (_, column) => (column === 0 ? noClass : column))
  const other = writeOtherColumns(writer, targets, numbers)
  const negated = writer.of('multiply', 'negated', scores, writer.constant('minus', -1))
  const wrong = writer.of('select', 'wrong', other, scores, negated)
  const entropy = writer.node('softplus', 'entropy', [wrong], {})
  const logarithm = writer.of(
    'multiply',
    'focus.log',
    writer.of('subtract', 'logWrong', wrong, entropy),
    writer.constant('gamma', gamma),
  )
  const focus = writer.node('exp', 'focus', [logarithm], {})
  const balance = writer.of(
    'select',
    'balance',
    other,
    writer.constant('alpha.other', 1 - alpha),
    writer.constant('alpha', alpha),
  )
  const each = writer.of('multiply', 'focal', writer.of('multiply', 'balanced', balance, focus), entropy)
  return writer.total('classTotal', writer.of('multiply', 'classOfExample', writer.sum('classOfAnchor', each, 1), targets.weight))
}
