import { defineErrors } from '../errors/index.js'

export const weightsErrors = defineErrors({
  MNAS_WEIGHTS_CORRUPT: {
    exit: 'invalid',
    summary: 'A weights file is truncated, damaged or not safetensors at all.',
    message: (d: { source: string; reason: string }) =>
      `The weights ${d.source} are damaged: ${d.reason}. Expected a whole safetensors file. ` +
      'Copy it again from where it came from, or train again.',
  },
  MNAS_WEIGHTS_LIMIT: {
    exit: 'invalid',
    summary: 'A weights file exceeds a limit that protects against hostile files.',
    message: (d: { source: string; what: string; limit: number; received: number }) =>
      `The weights ${d.source} exceed a limit. Expected at most ${d.limit} ${d.what}, received ${d.received}. ` +
      'A file of mnas never does; do not trust it.',
  },
  MNAS_WEIGHTS_DTYPE: {
    exit: 'invalid',
    summary: 'A weights file holds numbers of a type that mnas does not use.',
    message: (d: { source: string; tensor: string; expected: readonly string[]; dtype: string }) =>
      `Tensor "${d.tensor}" of the weights ${d.source} has the type ${d.dtype}. ` +
      `Expected one of ${d.expected.join(', ')}. Convert the file, e.g. to float32.`,
  },
})
