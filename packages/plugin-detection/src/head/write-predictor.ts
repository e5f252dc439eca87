import type { Initializer } from '@mnas/core/contracts'
import { type GraphBuilder, LayerWriter } from '@mnas/core/graph'
import { headStyle } from './feature-maps.js'

/** What a predictor says of each anchor. */
export interface PredictorKind {
  readonly name: 'boxes' | 'scores'
  /** Numbers for each anchor. */
  readonly columns: number
  /** Where they start. */
  readonly startBias: number
}

const kernel: Initializer = { kind: 'truncatedNormal', stddev: 0.03 }

/**
 * SSDLite's predictor: 3×3 depthwise with batch norm, then 1×1 with bias; and its values as rows, one for each anchor.
 * @param map where it stands among the maps, from 0
 * @param anchors of each cell
 * @returns id of [rows · columns · anchors, columns of the kind]
 */
export function writePredictor(
  builder: GraphBuilder,
  { name, columns, startBias }: PredictorKind,
  { map, input, anchors }: { readonly map: number; readonly input: string; readonly anchors: number },
): string {
  const layer = new LayerWriter(builder, headStyle, { prefix: `${name}${map + 1}`, block: 'head', layer: map + 1 })
  const window = { ...layer.window(input, 3, 1), bias: false }
  const filtered = layer.node('depthwiseConv2d', 'depthwise', [input], window, { kernel })
  const normed = layer.node('batchNorm', 'depthwise_bn', [filtered], { epsilon: headStyle.batchNormEpsilon })
  const active = layer.activation('depthwise', normed)
  const bias: Initializer = startBias === 0 ? { kind: 'zeros' } : { kind: 'constant', value: startBias }
  const filters = anchors * columns
  const predicted = layer.node(
    'conv2d',
    'predict',
    [active],
    { ...layer.window(active, 1, 1), filters, bias: true },
    { kernel, bias },
  )
  const [height, width] = builder.spec(predicted).shape
  return layer.node('reshape', 'rows', [predicted], { shape: [height! * width! * anchors, columns] })
}
