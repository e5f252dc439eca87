import type { Block } from '../../architecture/architecture.js'
import type { LayerWriter } from './layer-writer.js'

/** One layer of a row of the table: only the first one strides. */
export interface RowLayer {
  readonly row: Block
  readonly stride: number
}

/**
 * One layer, with its skip where that is legal.
 *
 *   conv:      k×k convolution + BN + activation
 *   separable: depthwise + BN + activation, (squeeze-excite), linear 1×1 + BN
 *   mbconv:    1×1 expansion + BN + activation, then as separable; no expansion convolution when the expansion is 1, unless the row keeps it
 * @returns id of the layer's output
 */
export function lowerLayer(writer: LayerWriter, input: string, layer: RowLayer): string {
  const output = lowerBody(writer, input, layer)
  const skip = lowerSkip(writer, input, layer)
  return skip === undefined ? output : writer.node('add', 'add', [output, skip], {})
}

function lowerBody(writer: LayerWriter, input: string, { row, stride }: RowLayer): string {
  switch (row.op) {
    case 'conv':
      return writer.activatedConv('conv', input, row.kernel, stride, row.filters)
    case 'separable':
      return depthwiseProject(writer, input, input, { row, stride })
    case 'mbconv':
      return depthwiseProject(writer, input, expand(writer, input, row), { row, stride })
    default:
      return row.op satisfies never
  }
}

function expand(writer: LayerWriter, input: string, { expansion = 1, expansionConvolution }: Block): string {
  if (expansion === 1 && !expansionConvolution) return input
  return writer.activatedConv('expand', input, 1, 1, writer.channels(input) * expansion)
}

function depthwiseProject(writer: LayerWriter, input: string, expanded: string, { row, stride }: RowLayer): string {
  const filtered = writer.activation('depthwise', writer.depthwise('depthwise', expanded, row.kernel, stride))
  const squeezed =
    row.squeezeExcite === undefined ? filtered : squeezeExcite(writer, filtered, writer.channels(input) * row.squeezeExcite)
  return writer.conv('project', squeezed, 1, 1, row.filters)
}

/**
 * Squeeze-and-excitation (Hu et al. 2018) as MnasNet has it: scales every channel by a number between 0 and 1 that depends on all of them.
 * @param width squeezed filters before rounding: the ratio times the layer's input filters, not the expanded ones; at least 1
 */
function squeezeExcite(writer: LayerWriter, input: string, width: number): string {
  const dense = (role: string, from: string, filters: number): string =>
    writer.node('conv2d', role, [from], { ...writer.window(from, 1, 1), filters, bias: true })
  const pooled = writer.node('globalAveragePool', 'squeeze_pool', [input], { keepDims: true })
  const reduced = writer.node('relu', 'squeeze_relu', [dense('squeeze_reduce', pooled, Math.max(1, Math.floor(width)))], {})
  const scale = writer.node('sigmoid', 'squeeze_sigmoid', [dense('squeeze_expand', reduced, writer.channels(input))], {})
  return writer.node('multiply', 'squeeze_scale', [input, scale], {})
}

/**
 * What is added to the layer's output, where it fits; undefined elsewhere.
 * identity: stride 1, equal filters. pool: equal filters; a 2×2 max pool when the layer strides, else 3×3. The pool is padded as `same` in
 * either padding, since only that gives the ⌈in/s⌉ pixels of the layer for a 2×2 window.
 */
function lowerSkip(writer: LayerWriter, input: string, { row, stride }: RowLayer): string | undefined {
  if (writer.channels(input) !== row.filters) return undefined
  switch (row.skip) {
    case 'none':
      return undefined
    case 'identity':
      return stride === 1 ? input : undefined
    case 'pool':
      return writer.node('maxPool', 'skip_pool', [input], writer.window(input, stride === 1 ? 3 : 2, stride, 'same'))
    default:
      return row.skip satisfies never
  }
}
