import { entryOf, type NameTable, parameterOf } from './parameter-kind.js'

const outside: NameTable = {
  conv_stem: 'stem_conv',
  bn1: 'stem_conv_bn',
  conv_head: 'head_conv',
  bn2: 'head_conv_bn',
  classifier: 'logits',
}
const squeezeExcite = { 'se.conv_reduce': 'squeeze_reduce', 'se.conv_expand': 'squeeze_expand' }

/** InvertedResidual: `conv_pw` expands and `conv_pwl` projects. */
const mbconv: NameTable = {
  conv_pw: 'expand',
  bn1: 'expand_bn',
  conv_dw: 'depthwise',
  bn2: 'depthwise_bn',
  conv_pwl: 'project',
  bn3: 'project_bn',
  ...squeezeExcite,
}
/** DepthwiseSeparableConv: no expansion, so that `conv_pw` projects. */
const separable: NameTable = {
  conv_dw: 'depthwise',
  bn1: 'depthwise_bn',
  conv_pw: 'project',
  bn2: 'project_bn',
  ...squeezeExcite,
}
/** ConvBnAct. */
const conv: NameTable = { conv: 'conv', bn1: 'conv_bn' }

/**
 * timm's EfficientNet class, which is its MnasNet and MobileNetV2 too: `blocks.2.0.conv_dw.weight` → `block3_1_depthwise.kernel`.
 * Stages and layers count from 0 there, from 1 here; a stage of several rows is told apart by `alongTable`.
 */
export function timmName(name: string, has: (name: string) => boolean): string | undefined {
  const inStage = /^(blocks\.(\d+)\.(\d+))\.(.+)\.(\w+)$/.exec(name)
  if (inStage) {
    const [, layer, stage, place, part, attribute] = inStage
    const parts = has(`${layer}.conv_pwl.weight`) ? mbconv : has(`${layer}.conv_dw.weight`) ? separable : conv
    const role = entryOf(parts, part)
    return parameterOf(role && `block${Number(stage) + 1}_${Number(place) + 1}_${role}`, attribute)
  }
  const [, part, attribute] = /^(\w+)\.(\w+)$/.exec(name) ?? []
  return parameterOf(entryOf(outside, part), attribute)
}
