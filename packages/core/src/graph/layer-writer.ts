import type { Architecture } from '../architecture/architecture.js'
import type { Op, OpAttributes, Origin, Window } from '../contracts/index.js'
import type { GraphBuilder } from './graph-builder.js'
import { paddingOf } from './padding.js'

type Block = Origin['block']
export type Style = Pick<Architecture, 'padding' | 'activation' | 'batchNormEpsilon'>

/**
 * Writes the nodes of one layer (`block3_1`, `stem`, `head`) one behind the other; each method gives the id of the last node it wrote.
 * The activation's id ends in `_relu` for ReLU6 too, so that names do not depend on it.
 */
export class LayerWriter {
  readonly #builder: GraphBuilder
  readonly #style: Style
  readonly #prefix: string
  readonly #block: Block
  readonly #layer: number

  constructor(builder: GraphBuilder, style: Style, block: Block, layer: number) {
    this.#builder = builder
    this.#style = style
    this.#block = block
    this.#layer = layer
    this.#prefix = typeof block === 'number' ? `block${block}_${layer}` : block
  }

  node<K extends Op>(op: K, role: string, inputs: readonly string[], attributes: OpAttributes[K]): string {
    const origin = { block: this.#block, layer: this.#layer, role }
    return this.#builder.add(op, { id: `${this.#prefix}_${role}`, inputs, attributes, origin })
  }

  channels(input: string): number {
    return this.#builder.spec(input).shape.at(-1)!
  }

  /** A square window over that value, padded in this style. */
  window(input: string, kernel: number, stride: number, padding = this.#style.padding): Window {
    const [height, width] = this.#builder.spec(input).shape
    return {
      kernel: [kernel, kernel],
      strides: [stride, stride],
      padding: paddingOf(padding, height!, width!, kernel, stride),
    }
  }

  /** Convolution without bias + batch norm. */
  conv(role: string, input: string, kernel: number, stride: number, filters: number): string {
    const window = this.window(input, kernel, stride)
    return this.#batchNorm(role, this.node('conv2d', role, [input], { ...window, filters, bias: false }))
  }

  /** Depthwise convolution without bias + batch norm. */
  depthwise(role: string, input: string, kernel: number, stride: number): string {
    const window = this.window(input, kernel, stride)
    return this.#batchNorm(role, this.node('depthwiseConv2d', role, [input], { ...window, bias: false }))
  }

  activation(role: string, input: string): string {
    return this.node(this.#style.activation, `${role}_relu`, [input], {})
  }

  #batchNorm(role: string, input: string): string {
    return this.node('batchNorm', `${role}_bn`, [input], { epsilon: this.#style.batchNormEpsilon })
  }
}
