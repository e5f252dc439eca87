import { mobilenetV2 } from '../../architecture/family/mobilenet-v2.js'
import { entryOf, type NameTable, parameterOf } from './parameter-kind.js'

/** MNASNet's `layers.N`: stem, first row and head lie flat, between them rows 2 to 7 as `layers.8` to `layers.13`. */
const mnasnetOutside: NameTable = {
  0: 'stem_conv',
  1: 'stem_conv_bn',
  3: 'block1_1_depthwise',
  4: 'block1_1_depthwise_bn',
  6: 'block1_1_project',
  7: 'block1_1_project_bn',
  14: 'head_conv',
  15: 'head_conv_bn',
}
const mnasnetFirstRow = { place: 8, row: 2 }
/** _InvertedResidual's `layers.M`; what is missing there is a ReLU. */
const mnasnetLayer: NameTable = {
  0: 'expand',
  1: 'expand_bn',
  3: 'depthwise',
  4: 'depthwise_bn',
  6: 'project',
  7: 'project_bn',
}

/** InvertedResidual's `conv.…` in MobileNetV2, with and without expansion. */
const expanded: NameTable = {
  '0.0': 'expand',
  '0.1': 'expand_bn',
  '1.0': 'depthwise',
  '1.1': 'depthwise_bn',
  2: 'project',
  3: 'project_bn',
}
const unexpanded: NameTable = {
  '0.0': 'depthwise',
  '0.1': 'depthwise_bn',
  1: 'project',
  2: 'project_bn',
}
/** MobileNetV2's `features.N` from 1 on: the layers of all rows, one behind the other. Behind them stands the head. */
const mobilenetLayers = mobilenetV2.blocks.flatMap(({ repeats }, row) =>
  Array.from({ length: repeats }, (_, layer) => `block${row + 1}_${layer + 1}`),
)
const mobilenetOutside: NameTable = { 0: 'stem_conv', [mobilenetLayers.length + 1]: 'head_conv' }

/** torchvision's mnasnet0_5 … mnasnet1_3 (`layers.8.0.layers.3.weight` → `block2_1_depthwise.kernel`) and mobilenet_v2. */
export function torchvisionName(name: string, has: (name: string) => boolean): string | undefined {
  const [, path, attribute] = /^(.+)\.(\w+)$/.exec(name) ?? []
  if (path === undefined) return undefined
  if (path === 'classifier.1') return parameterOf('logits', attribute)
  return parameterOf(path.startsWith('layers.') ? mnasnetNode(path) : mobilenetNode(path, has), attribute)
}

function mnasnetNode(path: string): string | undefined {
  const [, place, layer, part] = /^layers\.(\d+)(?:\.(\d+)\.layers\.(\d+))?$/.exec(path) ?? []
  if (place === undefined) return undefined
  if (layer === undefined) return entryOf(mnasnetOutside, place)
  const role = entryOf(mnasnetLayer, part)
  return role && `block${Number(place) - mnasnetFirstRow.place + mnasnetFirstRow.row}_${Number(layer) + 1}_${role}`
}

function mobilenetNode(path: string, has: (name: string) => boolean): string | undefined {
  const [, place, convNormOrParts, part] = /^features\.(\d+)\.(?:([01])|conv\.(.+))$/.exec(path) ?? []
  if (place === undefined) return undefined
  if (part === undefined) {
    const conv = entryOf(mobilenetOutside, place)
    return conv && (convNormOrParts === '0' ? conv : `${conv}_bn`)
  }
  const layer = mobilenetLayers[Number(place) - 1]
  const role = entryOf(has(`features.${place}.conv.3.weight`) ? expanded : unexpanded, part)
  return layer && role && `${layer}_${role}`
}
