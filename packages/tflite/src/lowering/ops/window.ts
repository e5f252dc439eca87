import type { Window } from '@mnas/core/contracts'
import { padOptions, padValueOptions, type WindowOptions } from '../../flatbuffer/options.js'
import type { Emission } from '../emitter.js'
import type { ModelBuilder } from '../model-builder.js'
import { windowPadding } from '../window-padding.js'

type WindowOp = 'conv2d' | 'depthwiseConv2d' | 'maxPool' | 'averagePool'

export interface PaddedInput {
  readonly tensor: number
  readonly window: WindowOptions
  /** Whether the padding was added by an operator of its own. */
  readonly explicit: boolean
}

/** The input of a window operator and its options: with a scheme of TFLite's, or padded in front. @param fill what padding holds; 0 */
export function paddedInput({ layer, inputs, builder }: Emission<WindowOp>, fill = 0): PaddedInput {
  const window: Window = layer.node.attributes
  const { activation } = layer
  const { tensor, spec } = inputs[0]!
  const padding = windowPadding(window, spec.shape, layer.node.shape)
  const { strides } = window
  if (padding.scheme !== 'explicit') return { tensor, window: { padding: padding.scheme, strides, activation }, explicit: false }
  const padded = pad(builder, layer.node.id, tensor, padding.padding, fill)
  return { tensor: padded, window: { padding: 'valid', strides, activation }, explicit: true }
}

function pad(builder: ModelBuilder, id: string, tensor: number, padding: Window['padding'], fill: number): number {
  const [top, bottom, left, right] = padding
  const [batch, height, width, channels] = builder.shapeOf(tensor) as [number, number, number, number]
  const padded = builder.tensor(`${id}.padded`, [batch, height + top + bottom, width + left + right, channels])
  const amounts = builder.constant(`${id}.padding`, [4, 2], Int32Array.of(0, 0, top, bottom, left, right, 0, 0))
  if (fill === 0) {
    builder.add({ op: 'PAD', inputs: [tensor, amounts], outputs: [padded], options: padOptions })
  } else {
    const value = builder.constant(`${id}.fill`, [], Float32Array.of(fill))
    builder.add({ op: 'PADV2', inputs: [tensor, amounts, value], outputs: [padded], options: padValueOptions })
  }
  return padded
}
