import type { Architecture } from '../architecture/index.js'
import type { Preprocessing } from '../contracts/index.js'
import { importErrors } from './errors.js'
import type { ImportSource } from './import-source.js'

/** How a network was trained, as far as no tensor tells. */
export interface SourceStyle extends Pick<Architecture, 'padding' | 'batchNormEpsilon'>, Pick<Preprocessing, 'mean' | 'std'> {}

/** Mean and deviation of ImageNet's pixels, of 0 to 255. */
const imagenetPixels = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] } as const

/** ⌊k/2⌋ pixels on every side and PyTorch's batch norm, whatever the network's authors did. */
export const pytorchLayers = { padding: 'symmetric', batchNormEpsilon: 1e-5 } as const
/** As TensorFlow pads and normalises, for weights that were trained there. */
export const tensorflowLayers = { padding: 'same', batchNormEpsilon: 1e-3 } as const

/**
 * How a library builds a network. Null where it builds it in several ways with the same tensors: timm has EfficientNet-Lite
 * as trained by PyTorch and, as `tf_efficientnet_lite…`, by TensorFlow.
 */
export function styleOf(from: ImportSource, { name }: Pick<Architecture, 'name'>): SourceStyle | null {
  switch (from) {
    case 'timm':
      return name.startsWith('efficientnet-lite') ? null : { ...pytorchLayers, ...imagenetPixels }
    case 'torchvision':
      return { ...pytorchLayers, ...imagenetPixels }
    case 'efficientnet-lite-pytorch':
      return { ...tensorflowLayers, mean: [127, 127, 127], std: [128, 128, 128] }
    default:
      return from satisfies never
  }
}

const flags = { padding: '--padding', batchNormEpsilon: '--epsilon', mean: '--mean', std: '--std' } as const

/**
 * The style with what is said of it in the first place.
 * @param file for the error
 * @throws MNAS_IMPORT_STYLE when something is neither said nor known: nothing is guessed
 */
export function completeStyle(
  file: string,
  architecture: string,
  said: Partial<SourceStyle>,
  known: SourceStyle | null,
): SourceStyle {
  const style = { ...known, ...said }
  const missing = (Object.keys(flags) as (keyof SourceStyle)[]).filter((field) => style[field] === undefined)
  if (missing.length === 0) return style as SourceStyle
  throw importErrors.MNAS_IMPORT_STYLE({ file, architecture, missing: missing.map((field) => flags[field]) })
}
