import type { FileTensor, ModelFile } from '@mnas/core/contracts'
import type { TfliteModel, TfliteSignatureEntry } from './model.js'

/** What a file takes and gives, in the order of its signature. */
export function modelTensors({ tensors, inputs, outputs }: TfliteModel): Pick<ModelFile, 'inputs' | 'outputs'> {
  const describe = ({ name, tensor }: TfliteSignatureEntry): FileTensor => {
    const { shape, type, quantization } = tensors[tensor]!
    const affine = quantization && {
      scale: [...quantization.scale],
      zeroPoint: quantization.zeroPoint,
      axis: quantization.scale.length > 1 ? quantization.axis : null,
    }
    return { name, shape, dtype: type, affine: affine ?? null }
  }
  return { inputs: inputs.map(describe), outputs: outputs.map(describe) }
}
