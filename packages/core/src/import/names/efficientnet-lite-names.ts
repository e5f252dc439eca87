import { entryOf, type NameTable, parameterOf } from './parameter-kind.js'

const outside: NameTable = {
  _conv_stem: 'stem_conv',
  _bn0: 'stem_conv_bn',
  _conv_head: 'head_conv',
  _bn1: 'head_conv_bn',
  _fc: 'logits',
}
/** MBConvBlock; without an expansion it has neither `_expand_conv` nor `_bn0`. */
const layer: NameTable = {
  _expand_conv: 'expand',
  _bn0: 'expand_bn',
  _depthwise_conv: 'depthwise',
  _bn1: 'depthwise_bn',
  _project_conv: 'project',
  _bn2: 'project_bn',
}

/**
 * The package efficientnet-lite-pytorch (EfficientNet-PyTorch's names without squeeze-and-excite): `_blocks.3._bn1.bias` →
 * `block1_4_depthwise_bn.beta`. Its layers lie in one list, which is one stage here: `alongTable` tells the rows apart.
 */
export function efficientnetLiteName(name: string): string | undefined {
  const [, place, part, attribute] = /^(?:_blocks\.(\d+)\.)?(\w+)\.(\w+)$/.exec(name) ?? []
  if (place === undefined) return parameterOf(entryOf(outside, part), attribute)
  const role = entryOf(layer, part)
  return parameterOf(role && `block1_${Number(place) + 1}_${role}`, attribute)
}
