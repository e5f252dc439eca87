import type { TfliteModel, TfliteOperator } from '../flatbuffer/model.js'
import { hybridDenseOptions, type OperatorOptions } from '../flatbuffer/options.js'
import type { Builtin } from '../flatbuffer/schema.js'
import { type Means, meansByTensor } from './means.js'
import { inputPosition, kernelPosition, ModelRewriter } from './model-rewriter.js'
import { floatBias, kernelName, roundedLayer } from './rounded-layer.js'

interface HybridForm {
  /** With a scale per channel. */
  readonly version: number
  readonly options: (options: OperatorOptions) => OperatorOptions
}

/**
 * The operators that take float values and 8-bit weights, and bring the values to 8 bits while they run. DEPTHWISE_CONV_2D has such a form
 * too and is left in float32: XNNPACK does not know it, the plain kernel that runs instead makes the whole network about twice as slow
 * as in float32, and the weights of depthwise layers are few.
 */
const hybridForms: Partial<Record<Builtin, HybridForm>> = {
  CONV_2D: { version: 5, options: (options) => options },
  FULLY_CONNECTED: { version: 12, options: hybridDenseOptions },
}

/**
 * Convolutions and dense layers with 8-bit weights, their inputs brought to 8 bits one by one while the model runs.
 * @param means of the float network's values, to correct biases by; null: they stay
 */
export function withDynamicRange(model: TfliteModel, means: Means | null): TfliteModel {
  const rewriter = new ModelRewriter(model)
  const meanOf = meansByTensor(rewriter, means)
  for (const operator of model.operators) rewriter.add(hybrid(rewriter, operator, meanOf) ?? rewriter.copiedOperator(operator))
  return rewriter.build()
}

function hybrid(
  rewriter: ModelRewriter,
  operator: TfliteOperator,
  meanOf: (tensor: number) => Float64Array | undefined,
): TfliteOperator | null {
  const form = hybridForms[operator.op]
  const input = operator.inputs[inputPosition]!
  const layer = form && roundedLayer(rewriter, operator, { perChannel: true, inputMean: meanOf(input) })
  if (!layer) return null
  const { shape } = rewriter.tensorOf(operator.inputs[kernelPosition]!)
  const { data, quantization } = layer.kernel
  const kernel = rewriter.builder.constant(kernelName(rewriter, operator), shape, data, quantization)
  return {
    op: operator.op,
    version: form.version,
    inputs: [rewriter.copied(input), kernel, floatBias(rewriter, operator, layer.bias)],
    outputs: rewriter.copies(operator.outputs),
    ...(operator.options && { options: form.options(operator.options) }),
  }
}
