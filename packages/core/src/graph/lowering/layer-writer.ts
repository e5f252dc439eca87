import type { Architecture } from '../../architecture/architecture.js'
import type { Initializers, Op, OpAttributes, Origin, ParameterRoleOf, Window } from '../../contracts/index.js'
import type { GraphBuilder } from '../graph-builder.js'
import { paddingOf } from '../ops/padding.js'

/** How a network pads, activates and normalises; an architecture is one. */
export type LayerStyle = Pick<Architecture, 'padding' | 'activation' | 'batchNormEpsilon'>

/** Where a layer stands. */
export interface LayerPlace extends Omit<Origin, 'role'> {
  /** What the ids of its nodes begin with: no other layer of the graph may have it. */
  readonly prefix: string
}

/**
 * Writes the nodes of one layer (`block3_1_…`, `stem_…`) one behind the other; each method gives the id of the last node it wrote.
 * For backbones and for the heads of tasks alike.
 * The activation's id ends in `_relu` for ReLU6 too, so that names do not depend on it.
 */
export class LayerWriter {
  readonly #builder: GraphBuilder
  readonly #style: LayerStyle
  readonly #place: LayerPlace

  constructor(builder: GraphBuilder, style: LayerStyle, place: LayerPlace) {
    this.#builder = builder
    this.#style = style
    this.#place = place
  }

  node<K extends Op>(
    op: K,
    role: string,
    inputs: readonly string[],
    attributes: OpAttributes[K],
    initializers?: Initializers<ParameterRoleOf<K>>,
  ): string {
    const { prefix, block, layer } = this.#place
    const own = initializers && { initializers }
    return this.#builder.add(op, { id: `${prefix}_${role}`, inputs, attributes, origin: { block, layer, role }, ...own })
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

  /** Convolution without bias + batch norm + activation. */
  activatedConv(role: string, input: string, kernel: number, stride: number, filters: number): string {
    return this.activation(role, this.conv(role, input, kernel, stride, filters))
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
