import type { Attributes, ConstantValues, Domain, ElementType, OnnxConstant, OnnxModel, OnnxNode, OnnxTensor } from './tensor.js'
import { sizeOf } from './tensor.js'

/** Constants up to this many elements are shared when they are equal. */
const sharedConstantLimit = 64

/**
 * An ONNX graph in the making: nodes in the order of their emission, every shape known.
 * The same operator on the same inputs is emitted once (all operators are pure), so views and layout changes need no bookkeeping.
 */
export class GraphWriter {
  readonly #nodes: OnnxNode[] = []
  readonly #constants: OnnxConstant[] = []
  readonly #inputs: OnnxTensor[] = []
  readonly #outputs: OnnxTensor[] = []
  readonly #computed = new Set<string>()
  readonly #emitted = new Map<string, readonly OnnxTensor[]>()
  /** Results that are outputs: their name while the graph was made → the output's name. */
  readonly #renamed = new Map<string, string>()
  #names = 0

  input(name: string, shape: readonly number[]): OnnxTensor {
    const tensor: OnnxTensor = { name, shape, type: 'float' }
    this.#inputs.push(tensor)
    return tensor
  }

  /** Names a result. Only what is no node's own (an input, a constant, a second name) costs a copy. */
  output(name: string, tensor: OnnxTensor): void {
    this.#outputs.push({ ...tensor, name })
    const computed = this.#computed.has(tensor.name)
    if (computed && !this.#renamed.has(tensor.name)) this.#renamed.set(tensor.name, name)
    else this.#nodes.push({ operator: 'Identity', domain: '', inputs: [tensor.name], outputs: [name], attributes: {} })
  }

  constant(values: Float32Array, shape: readonly number[]): OnnxTensor {
    return this.#addConstant(values, shape, 'float')
  }

  scalar(value: number): OnnxTensor {
    return this.constant(Float32Array.of(value), [])
  }

  /** A vector of int64: shapes, axes, pads. */
  integers(values: readonly number[]): OnnxTensor {
    return this.#addConstant(BigInt64Array.from(values, BigInt), [values.length], 'int64')
  }

  /** A vector of int32: places in an axis, of which there may be many. */
  places(values: readonly number[]): OnnxTensor {
    return this.#addConstant(Int32Array.from(values), [values.length], 'int32')
  }

  /** One operator with one output. */
  emit(
    operator: string,
    inputs: readonly OnnxTensor[],
    shape: readonly number[],
    attributes: Attributes = {},
    type: ElementType = 'float',
    domain: Domain = '',
  ): OnnxTensor {
    return this.emitAll(operator, inputs, [{ shape, type }], attributes, domain)[0]!
  }

  /** One operator with several outputs. */
  emitAll(
    operator: string,
    inputs: readonly OnnxTensor[],
    results: readonly Omit<OnnxTensor, 'name'>[],
    attributes: Attributes = {},
    domain: Domain = '',
  ): readonly OnnxTensor[] {
    const names = inputs.map((input) => input.name)
    const key = JSON.stringify([domain, operator, names, attributes, results.length])
    const known = this.#emitted.get(key)
    if (known) return known
    const outputs = results.map((result) => ({ ...result, name: `${operator}.${this.#names++}` }))
    this.#nodes.push({ operator, domain, inputs: names, outputs: outputs.map((output) => output.name), attributes })
    for (const { name } of outputs) this.#computed.add(name)
    this.#emitted.set(key, outputs)
    return outputs
  }

  finish(): OnnxModel {
    const rename = (name: string): string => this.#renamed.get(name) ?? name
    const nodes = this.#neededNodes().map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    }))
    return { nodes, constants: this.#constants, inputs: this.#inputs, outputs: this.#outputs }
  }

  /** Without nodes that no output needs: onnxruntime would compute them. */
  #neededNodes(): readonly OnnxNode[] {
    const original = new Map([...this.#renamed].map(([from, to]) => [to, from]))
    const needed = new Set(this.#outputs.map(({ name }) => original.get(name) ?? name))
    const kept = this.#nodes.toReversed().filter((node) => {
      const read = node.outputs.some((name) => needed.has(name))
      if (read) for (const name of node.inputs) needed.add(name)
      return read
    })
    return kept.reverse()
  }

  #addConstant(values: ConstantValues, shape: readonly number[], type: ElementType): OnnxTensor {
    if (values.length !== sizeOf(shape)) throw new Error(`a constant of ${values.length} values cannot have shape [${shape}]`)
    const add = (): OnnxTensor => {
      const tensor: OnnxTensor = { name: `constant.${this.#names++}`, shape, type }
      this.#constants.push({ tensor, values })
      return tensor
    }
    if (values.length > sharedConstantLimit) return add()
    // Bits, not digits: −0 and NaN payloads stay apart.
    const key = `${type}|${shape}|${Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')}`
    const known = this.#emitted.get(key)?.[0]
    if (known) return known
    const tensor = add()
    this.#emitted.set(key, [tensor])
    return tensor
  }
}
