import type { Quantization, TfliteModel, TfliteOperator } from '../flatbuffer/model.js'
import { dequantizeOptions } from '../flatbuffer/options.js'
import { toFloat16 } from './float16.js'
import { inputPosition, kernelPosition, ModelRewriter } from './model-rewriter.js'
import { type Remedies, type Remedy, remediesByOperator } from './remedies.js'
import { floatBias, roundedLayer } from './rounded-layer.js'

/** Versions of DEQUANTIZE: of float16, of integers with a scale per channel. */
const versions = { float16: 3, perChannel: 5 } as const

/** Weights in half the bits: FLOAT16 → DEQUANTIZE → the float operator. Runtimes bring them back once, when they load the file. */
export function withFloat16Weights(model: TfliteModel): TfliteModel {
  const rewriter = new ModelRewriter(model)
  const store = storeOnce(rewriter)
  for (const operator of model.operators) {
    const linear = rewriter.kernelOf(operator) !== undefined
    const inputs = operator.inputs.map((tensor, position) => {
      const data = linear && position >= kernelPosition ? rewriter.floatsOf(tensor) : undefined
      return data ? store(tensor, { data: toFloat16(data), version: versions.float16 }) : rewriter.copied(tensor)
    })
    rewriter.add({ ...operator, inputs, outputs: rewriter.copies(operator.outputs) })
  }
  return rewriter.build()
}

/** Weights as 8-bit integers with a scale per output channel, in a quarter of the bits: INT8 → DEQUANTIZE → the float operator. */
export function withIntegerWeights(model: TfliteModel, remedies: Remedies): TfliteModel {
  const rewriter = new ModelRewriter(model)
  const stored = storedLayers(rewriter, remediesByOperator(rewriter, remedies))
  for (const operator of model.operators) rewriter.add(stored(operator) ?? rewriter.copiedOperator(operator))
  return rewriter.build()
}

/** @returns writes a float operator over 8-bit weights; null for one without weights */
export function storedLayers(
  rewriter: ModelRewriter,
  remedyOf: (operator: TfliteOperator) => Remedy,
): (operator: TfliteOperator) => TfliteOperator | null {
  const store = storeOnce(rewriter)
  return (operator) => {
    const input = operator.inputs[inputPosition]!
    const layer = roundedLayer(rewriter, operator, { perChannel: true, ...remedyOf(operator) })
    if (!layer) return null
    const kernel = store(operator.inputs[kernelPosition]!, { ...layer.kernel, version: versions.perChannel })
    const inputs = [rewriter.copied(input), kernel, floatBias(rewriter, operator, layer.bias)]
    return { ...operator, inputs, outputs: rewriter.copies(operator.outputs) }
  }
}

interface StoredConstant {
  readonly data: Uint16Array | Int8Array
  readonly quantization?: Quantization
  /** Of the DEQUANTIZE behind it. */
  readonly version: number
}

/** @returns writes a constant in another form and, once, the operator that brings it back; gives the float tensor */
function storeOnce(rewriter: ModelRewriter): (tensor: number, stored: StoredConstant) => number {
  const floats = new Map<number, number>()
  return (tensor, { data, quantization, version }) => {
    const known = floats.get(tensor)
    if (known !== undefined) return known
    const { name, shape } = rewriter.tensorOf(tensor)
    const { builder } = rewriter
    const constant = builder.constant(`${name}.stored`, shape, data, quantization)
    const float = builder.tensor(name, shape)
    builder.add({ op: 'DEQUANTIZE', version, inputs: [constant], outputs: [float], options: dequantizeOptions })
    floats.set(tensor, float)
    return float
  }
}
