import type { Window } from '@mnas/core/contracts'
import { paddingScheme } from '@mnas/core/graph'
import type { TensorFlow, TfTensor4D } from '../tensorflow/tensorflow.js'
import type { Operand, Site } from './operator.js'

export type WindowOp = 'conv2d' | 'depthwiseConv2d' | 'maxPool' | 'averagePool'

export const pair = ([vertical, horizontal]: Window['kernel']): [number, number] => [vertical, horizontal]

/** With a batch in front: of 1 for an unbatched image. */
export const imageOf = (tf: TensorFlow, { tensor, spec }: Operand): TfTensor4D =>
  (spec.batched ? tensor : tf.expandDims(tensor, 0)) as TfTensor4D

/**
 * The image and the padding scheme to hand to TensorFlow: one of its own where that gives the same pixels, else the image is padded first.
 * @param fill what padding holds; 0
 * @param always pad first, whatever the scheme
 */
export function padded(
  { tf, node, inputs }: Site<WindowOp>,
  { fill = 0, always = false }: { readonly fill?: number; readonly always?: boolean } = {},
): { readonly tensor: TfTensor4D; readonly scheme: 'same' | 'valid' } {
  const image = imageOf(tf, inputs[0]!)
  const scheme = paddingScheme(node.attributes, image.shape.slice(1), node.shape)
  if (scheme !== 'explicit' && !always) return { tensor: image, scheme }
  const [top, bottom, left, right] = node.attributes.padding
  const amounts: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
  return {
    tensor: amounts.every(([before, after]) => before + after === 0) ? image : tf.pad(image, amounts, fill),
    scheme: 'valid',
  }
}
