import type { Graph } from '@mnas/core/contracts'
import { type GraphBuilder, type LayerStyle, LayerWriter, taps } from '@mnas/core/graph'
import { detectionErrors } from '../errors.js'
import { backboneMaps, type DetectionOptions } from '../options.js'

/** As the head of every SSDLite, whatever its backbone (Sandler et al. 2018, §6.2; TensorFlow's configuration). */
export const headStyle: LayerStyle = { padding: 'same', activation: 'relu6', batchNormEpsilon: 1e-3 }

/**
 * The maps that the predictors read, largest first: what the last convolution that strides reads (of MnasNet the expansion of the
 * first layer of block 6), the features, and extra layers of half the size each: 1×1 to half the filters, 3×3 depthwise with
 * stride 2, 1×1 to all of them.
 * @param builder holds the backbone
 * @returns ids
 * @throws MNAS_DETECTION_BACKBONE
 */
export function writeFeatureMaps(builder: GraphBuilder, backbone: Graph, { maps, extras }: DetectionOptions): readonly string[] {
  const ids = mapsOfBackbone(backbone)
  for (const [index, filters] of extras.slice(0, maps - backboneMaps).entries()) {
    const layer = new LayerWriter(builder, headStyle, { prefix: `extra${index + 1}`, block: 'head', layer: index + 1 })
    const reduced = layer.activatedConv('reduce', ids.at(-1)!, 1, 1, Math.floor(filters / 2))
    const halved = layer.activation('depthwise', layer.depthwise('depthwise', reduced, 3, 2))
    ids.push(layer.activatedConv('expand', halved, 1, 1, filters))
  }
  return ids
}

function mapsOfBackbone(backbone: Graph): string[] {
  const found = taps(backbone)
  const [first, last] = [found.at(-2), found.at(-1)]
  if (first && last) return [first.id, last.id]
  throw detectionErrors.MNAS_DETECTION_BACKBONE({ strides: found.map(({ stride }) => stride) })
}
