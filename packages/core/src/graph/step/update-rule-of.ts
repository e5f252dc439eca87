import type { Optimizer } from '../../contracts/index.js'
import { rmsprop } from './rmsprop.js'
import { sgd } from './sgd.js'
import type { UpdateRule } from './update-rule.js'

export function updateRuleOf(optimizer: Optimizer): UpdateRule {
  switch (optimizer.kind) {
    case 'sgd':
      return sgd(optimizer)
    case 'rmsprop':
      return rmsprop(optimizer)
    default:
      return optimizer satisfies never
  }
}
