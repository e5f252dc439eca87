import type { TfliteModel, TfliteOperator } from '../flatbuffer/model.js'
import { hybridDenseOptions, type OperatorOptions } from '../flatbuffer/options.js'
import type { Builtin } from '../flatbuffer/schema.js'
import { inputPosition, kernelPosition, ModelRewriter } from './model-rewriter.js'
import { type Remedies, type Remedy, remediesByOperator } from './remedies.js'
import { floatBias, kernelName, roundedLayer } from './rounded-layer.js'
import { storedLayers } from './stored-weights.js'

interface HybridForm {
  /** With a scale per channel. */
  readonly version: number
  readonly options: (options: OperatorOptions) => OperatorOptions
}

/**
 * The operators that take float values and 8-bit weights, and bring the values to 8 bits while they run. DEPTHWISE_CONV_2D has such a form
 * too and computes in float32 here: XNNPACK does not know it, and the plain kernel that runs instead makes the whole network about twice
 * as slow as in float32.
 */
const hybridForms: Partial<Record<Builtin, HybridForm>> = {
  CONV_2D: { version: 5, options: (options) => options },
  FULLY_CONNECTED: { version: 12, options: hybridDenseOptions },
}

/**
 * From so many on a layer computes in integers: below, bringing its input to 8 bits takes longer than the integers save. Measured on
 * mnasnet-a1@0.5 and mnasnet-small (docs/adr/0024): with every layer in integers they take 1.10 and 1.19 times as long as in float32, from 64 on .82 and
 * .77.
 */
const worthwhileReads = 64

/**
 * All weights as 8-bit integers. Convolutions and dense layers whose inputs are worth it bring these to 8 bits while the model runs and
 * compute in integers; the other layers compute in float32.
 */
export function withDynamicRange(model: TfliteModel, remedies: Remedies): TfliteModel {
  const rewriter = new ModelRewriter(model)
  const remedyOf = remediesByOperator(rewriter, remedies)
  const stored = storedLayers(rewriter, remedyOf)
  const hybrid = hybridLayers(rewriter, remedyOf)
  for (const operator of model.operators) rewriter.add(hybrid(operator) ?? stored(operator) ?? rewriter.copiedOperator(operator))
  return rewriter.build()
}

function hybridLayers(
  rewriter: ModelRewriter,
  remedyOf: (operator: TfliteOperator) => Remedy,
): (operator: TfliteOperator) => TfliteOperator | null {
  return (operator) => {
    const form = hybridForms[operator.op]
    if (!form || readsPerValue(rewriter, operator) < worthwhileReads) return null
    const input = operator.inputs[inputPosition]!
    const layer = roundedLayer(rewriter, operator, { perChannel: true, ...remedyOf(operator) })
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
}

/** How often each value of a layer's input is multiplied by a weight: what it is brought to 8 bits for. */
function readsPerValue(rewriter: ModelRewriter, { inputs, outputs }: TfliteOperator): number {
  const elements = (tensor: number) => rewriter.tensorOf(tensor).shape.reduce((product, side) => product * side, 1)
  const output = outputs[0]!
  const positions = elements(output) / rewriter.tensorOf(output).shape.at(-1)!
  return (elements(inputs[kernelPosition]!) * positions) / elements(inputs[inputPosition]!)
}
