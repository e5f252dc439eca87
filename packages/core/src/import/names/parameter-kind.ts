export type NameTable = Readonly<Record<string, string>>

/** A table's own entry: a name in a file may be `constructor`. */
export const entryOf = (table: NameTable, key: string | undefined): string | undefined =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined

const convolution: NameTable = { weight: 'kernel', bias: 'bias' }
const batchNorm: NameTable = {
  weight: 'gamma',
  bias: 'beta',
  running_mean: 'movingMean',
  running_var: 'movingVariance',
}

/**
 * A parameter of a node, by PyTorch's name for it: (`stem_conv_bn`, `running_var`) → `stem_conv_bn.movingVariance`. Both sides lay kernels out
 * alike: [out, in, kh, kw], depthwise [channels, 1, kh, kw], dense [out, in].
 */
export function parameterOf(node: string | undefined, attribute: string | undefined): string | undefined {
  if (node === undefined) return undefined
  const kind = entryOf(node.endsWith('_bn') ? batchNorm : convolution, attribute)
  return kind && `${node}.${kind}`
}
