import type { TfliteModel, TfliteOperator } from '../flatbuffer/model.js'
import { dequantizeOptions, quantizeOptions } from '../flatbuffer/options.js'
import type { TensorType } from '../flatbuffer/schema.js'
import { type Affine, affineOfRange, quantizationOf, rangeOf, toIntegers, unsigned } from './affine.js'
import { fractions, integerForms, versions } from './integer-ops.js'
import { inputPosition, kernelPosition, ModelRewriter } from './model-rewriter.js'
import { type Remedies, type Remedy, remediesByOperator } from './remedies.js'
import { biasName, kernelName, type RoundedLayer, roundedLayer } from './rounded-layer.js'
import { hasIntegerForm, type Levels, type Ranges, valueLevels } from './value-levels.js'

/** Types of a file's inputs and outputs. */
export type FileIo = 'float' | 'uint8' | 'int8'

export interface IntegerRecipe extends Remedies {
  readonly ranges: Ranges
  readonly io: FileIo
  /** Of the outputs, where they are others. */
  readonly outputs?: FileIo
  /** Dense layers with a scale per output: a little nearer, and silently wrong in TFLite up to 2.9. */
  readonly densePerChannel: boolean
  /** The one value that is computed in integers, by the name of its tensor; all others stay in float32. Default: all that can. */
  readonly only?: string
}

/** Weights, values and sums as integers (Jacob et al. 2018); what has no integer form computes in float32 in between. */
export function integerModel(model: TfliteModel, recipe: IntegerRecipe): TfliteModel {
  const writer = new IntegerWriter(model, recipe)
  for (const operator of model.operators) writer.write(operator)
  return writer.build()
}

/** A bias is stored in units of scale(input) · scale(weight): it has to stay well within 32 bits. */
const largestBias = 2 ** 30

class IntegerWriter {
  readonly #rewriter: ModelRewriter
  readonly #recipe: IntegerRecipe
  readonly #levels: Levels
  readonly #remedyOf: (operator: TfliteOperator) => Remedy
  /** Tensors of the new model by tensor of the old. */
  readonly #integers = new Map<number, number>()
  readonly #floats = new Map<number, number>()

  constructor(model: TfliteModel, recipe: IntegerRecipe) {
    const inputs = model.inputs.map(({ tensor }) => tensor)
    this.#rewriter = new ModelRewriter(model)
    this.#recipe = recipe
    this.#levels = valueLevels(this.#rewriter, inputs, recipe.ranges)
    this.#remedyOf = remediesByOperator(this.#rewriter, recipe)
    for (const input of inputs) this.#defineInput(input)
  }

  write(operator: TfliteOperator): void {
    const integer = this.#becomesInteger(operator) ? this.#integerOperator(operator) : null
    this.#rewriter.add(integer ?? this.#floatOperator(operator))
  }

  #becomesInteger(operator: TfliteOperator): boolean {
    const { only } = this.#recipe
    const wanted = only === undefined || this.#rewriter.tensorOf(operator.outputs[0]!).name === only
    return wanted && hasIntegerForm(this.#rewriter, this.#levels, operator) && !this.#endsInFloats(operator)
  }

  /**
   * The last step from floats to fractions: in integers it would round its input to 256 levels and lose every fraction below 1/256, a DEQUANTIZE
   * behind it, for nothing.
   */
  #endsInFloats({ op, inputs: [input], outputs: [output] }: TfliteOperator): boolean {
    const read = this.#rewriter.operators.some(({ inputs }) => inputs.includes(output!))
    return fractions.has(op) && this.#floats.has(input!) && !this.#integers.has(input!) && !read
  }

  build(): TfliteModel {
    return this.#rewriter.build((tensor, role) => {
      if (role === 'output') return this.#output(tensor)
      return this.#inputs.get(tensor)!
    })
  }

  readonly #inputs = new Map<number, number>()

  #defineInput(input: number): void {
    const { builder } = this.#rewriter
    const { name, shape } = this.#rewriter.tensorOf(input)
    const levels = this.#levels.get(input)
    const { io } = this.#recipe
    if (io === 'float' || !levels) {
      const float = this.#rewriter.copied(input)
      this.#floats.set(input, float)
      this.#inputs.set(input, float)
    } else if (io === 'int8') {
      const integer = builder.value(name, shape, 'int8', quantizationOf(levels))
      this.#integers.set(input, integer)
      this.#inputs.set(input, integer)
    } else {
      const bytes = builder.value(name, shape, 'uint8', quantizationOf(unsigned(levels)))
      this.#inputs.set(input, bytes)
      this.#integers.set(input, this.#quantized(bytes, `${name}.int8`, shape, 'int8', levels))
    }
  }

  #output(tensor: number): number {
    const { io: inputs, outputs: io = inputs } = this.#recipe
    if (io === 'float') return this.#asFloat(tensor)
    const { name, shape } = this.#rewriter.tensorOf(tensor)
    const levels = this.#levels.get(tensor)
    if (!levels) return this.#asFloat(tensor)
    if (io === 'int8')
      return this.#integers.get(tensor) ?? this.#quantized(this.#asFloat(tensor), `${name}.int8`, shape, 'int8', levels)
    return this.#quantized(this.#integers.get(tensor) ?? this.#asFloat(tensor), `${name}.uint8`, shape, 'uint8', unsigned(levels))
  }

  #integerOperator(operator: TfliteOperator): TfliteOperator | null {
    const { op, inputs, outputs, options } = operator
    const form = integerForms[op]!
    const layer = form.kind === 'layer' ? this.#layerInputs(operator) : null
    if (form.kind === 'layer' && !layer) return null
    return {
      op,
      version: Math.max(form.version, op === 'FULLY_CONNECTED' ? operator.version : 0),
      inputs: layer ?? inputs.map((tensor) => this.#asInteger(tensor)),
      outputs: outputs.map((tensor) => this.#defineInteger(tensor)),
      ...(options && { options }),
    }
  }

  #layerInputs(operator: TfliteOperator): readonly number[] | null {
    const rewriter = this.#rewriter
    const input = operator.inputs[inputPosition]!
    const levels = this.#levels.get(input)
    if (!levels) return null
    const layer = roundedLayer(rewriter, operator, {
      perChannel: operator.op !== 'FULLY_CONNECTED' || this.#recipe.densePerChannel,
      ...this.#remedyOf(operator),
      leastScale: (bias) => Math.abs(bias) / (levels.scale * largestBias),
    })
    if (!layer) return null
    const { shape } = rewriter.tensorOf(operator.inputs[kernelPosition]!)
    const { data, quantization } = layer.kernel
    const kernel = rewriter.builder.constant(kernelName(rewriter, operator), shape, data, quantization)
    return [this.#asInteger(input), kernel, this.#integerBias(operator, layer, levels)]
  }

  #integerBias(operator: TfliteOperator, { kernel, bias }: RoundedLayer, levels: Affine): number {
    const { scale: weightScale } = kernel.quantization
    const scale = weightScale.map((one) => one * levels.scale)
    const largest = 2 ** 31 - 1
    const data = Int32Array.from(bias, (value, channel) => {
      const stored = Math.round(value / (scale[channel] ?? scale[0]!))
      return Math.min(largest, Math.max(-largest, stored))
    })
    const zeroPoint = Array<number>(scale.length).fill(0)
    return this.#rewriter.builder.constant(biasName(this.#rewriter, operator), [bias.length], data, { scale, zeroPoint, axis: 0 })
  }

  #floatOperator(operator: TfliteOperator): TfliteOperator {
    const inputs = operator.inputs.map((tensor) => this.#asFloat(tensor))
    const outputs = operator.outputs.map((tensor) => {
      const copy = this.#rewriter.copied(tensor)
      this.#floats.set(tensor, copy)
      return copy
    })
    return { ...operator, inputs, outputs }
  }

  #defineInteger(tensor: number): number {
    const { name, shape } = this.#rewriter.tensorOf(tensor)
    const integer = this.#rewriter.builder.value(name, shape, 'int8', quantizationOf(this.#levels.get(tensor)!))
    this.#integers.set(tensor, integer)
    return integer
  }

  /** A float value as integers; a float constant by its own range; what is no float as it is. */
  #asInteger(tensor: number): number {
    const known = this.#integers.get(tensor)
    if (known !== undefined) return known
    const constant = tensor < 0 ? undefined : this.#rewriter.floatsOf(tensor)
    const levels = this.#levels.get(tensor)
    if (!constant && !levels) return this.#rewriter.copied(tensor)
    const { name, shape } = this.#rewriter.tensorOf(tensor)
    const integer = constant
      ? this.#integerConstant(name, shape, constant)
      : this.#quantized(this.#floats.get(tensor)!, `${name}.int8`, shape, 'int8', levels!)
    this.#integers.set(tensor, integer)
    return integer
  }

  #integerConstant(name: string, shape: readonly number[], data: Float32Array): number {
    const levels = affineOfRange(rangeOf(data))
    return this.#rewriter.builder.constant(name, shape, toIntegers(data, levels), quantizationOf(levels))
  }

  #asFloat(tensor: number): number {
    const known = this.#floats.get(tensor)
    if (known !== undefined) return known
    const integer = this.#integers.get(tensor)
    if (integer === undefined || this.#rewriter.constantOf(tensor) !== undefined) return this.#rewriter.copied(tensor)
    const { name, shape } = this.#rewriter.tensorOf(tensor)
    const { builder } = this.#rewriter
    const float = builder.tensor(`${name}.float`, shape)
    const { dequantize: version } = versions
    builder.add({ op: 'DEQUANTIZE', version, inputs: [integer], outputs: [float], options: dequantizeOptions })
    this.#floats.set(tensor, float)
    return float
  }

  /** Brings floats, or integers of other levels, to these. */
  #quantized(from: number, name: string, shape: readonly number[], type: TensorType, levels: Affine): number {
    const { builder } = this.#rewriter
    const to = builder.tensor(name, shape, type, quantizationOf(levels))
    builder.add({ op: 'QUANTIZE', version: versions.quantize, inputs: [from], outputs: [to], options: quantizeOptions })
    return to
  }
}
