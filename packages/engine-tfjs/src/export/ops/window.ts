import type { Window } from '@mnas/core/contracts'
import { paddingScheme } from '@mnas/core/graph'
import type { Emission } from '../emitter.js'
import { type Attributes, integers, ofFloats, text, type } from '../graph-def.js'

type WindowOp = 'conv2d' | 'depthwiseConv2d' | 'maxPool' | 'averagePool'
type Scheme = 'same' | 'valid'

/** The input of a window op and its padding scheme: one of TensorFlow's where that gives the same pixels, else padded in front. */
export function padded(
  { layer, inputs, builder }: Emission<WindowOp>,
  { fill = 0, always = false }: { readonly fill?: number; readonly always?: boolean } = {},
): { readonly input: string; readonly scheme: Scheme } {
  const { name, spec } = inputs[0]!
  const { id, attributes, shape } = layer.node
  const scheme = paddingScheme(attributes, spec.shape, shape)
  if (scheme !== 'explicit' && !always) return { input: name, scheme }
  const [top, bottom, left, right] = attributes.padding
  if (top + bottom + left + right === 0) return { input: name, scheme: 'valid' }
  const amounts = builder.constant(`${id}.padding`, [4, 2], Int32Array.of(0, 0, top, bottom, left, right, 0, 0))
  const value = builder.constant(`${id}.fill`, [], Float32Array.of(fill))
  const attr = { ...ofFloats, Tpaddings: type('DT_INT32') }
  return { input: builder.op(`${id}.padded`, 'PadV2', [name, amounts, value], attr), scheme: 'valid' }
}

/** @param kernel of a pool; a convolution's stands in its weights */
export function windowAttributes(strides: Window['strides'], scheme: Scheme, kernel?: Window['kernel']): Attributes {
  return {
    ...ofFloats,
    ...(kernel ? { ksize: integers([1, ...kernel, 1]) } : { dilations: integers([1, 1, 1, 1]) }),
    strides: integers([1, ...strides, 1]),
    padding: text(scheme.toUpperCase()),
    data_format: text('NHWC'),
  }
}
