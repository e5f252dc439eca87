import { defineErrors } from './define-errors.js'

/** Errors that contracts name, in the order of docs/errors.md: whoever stands behind a contract, a script sees the same code. */
export const contractErrors = defineErrors({
  MNAS_ENGINE_ACCELERATOR: {
    exit: 'invalid',
    summary: 'The training engine cannot use the accelerator that was asked for.',
    message: (d: { engine: string; wish: string; available: readonly string[]; fix: string }) =>
      `The engine "${d.engine}" cannot train on accelerator "${d.wish}". ` +
      `Expected ${d.available.join(' or ')} or auto, received "${d.wish}". ${d.fix}`,
  },
  MNAS_ENGINE_NO_GRADIENT: {
    exit: 'training',
    summary: 'An objective cannot be differentiated: an op without a gradient stands between the parameters and the loss.',
    message: (d: { node: string; op: string }) =>
      `The loss cannot be differentiated: node "${d.node}" (${d.op}) has no gradient. ` +
      'Expected a path of differentiable ops from at least one trainable parameter to "loss". ' +
      'Replace the op, or put a stopGradient before it.',
  },
  MNAS_ENGINE_WEIGHTS: {
    exit: 'invalid',
    summary: 'Weights or a training state do not fit the network.',
    message: (d: { name: string; expected: string; received: string }) =>
      `The weights do not fit the network: "${d.name}". Expected ${d.expected}, received ${d.received}. ` +
      'Use the weights of the same architecture.',
  },
  MNAS_ENGINE_INPUT: {
    exit: 'invalid',
    summary: 'A batch handed to the training engine lacks an input or has another shape than the compiled one.',
    message: (d: { name: string; expected: string; received: string }) =>
      `The input "${d.name}" does not fit the compiled graph. Expected ${d.expected}, received ${d.received}. ` +
      'Hand over full batches of the compiled size.',
  },
  MNAS_EXPORT_OP: {
    exit: 'invalid',
    summary: 'A graph holds an op that the file format cannot express.',
    message: (d: { format: string; node: string; op: string; known: readonly string[] }) =>
      `Cannot write node "${d.node}" to .${d.format}. Expected one of the ops ${d.known.join(', ')}, received ${d.op}. ` +
      'Export outputs that do not need it.',
  },
  MNAS_EXPORT_WEIGHTS: {
    exit: 'invalid',
    summary: 'A parameter of the exported graph is missing, has another shape, or is not finite.',
    message: (d: { name: string; expected: string; received: string }) =>
      `Parameter "${d.name}" does not fit the graph. Expected ${d.expected}, received ${d.received}. ` +
      'Use the weights that were trained with this architecture.',
  },
  MNAS_EXPORT_OUTPUT: {
    exit: 'invalid',
    summary: 'An output was asked for that the graph does not have, or none at all.',
    message: (d: { name: string | null; known: readonly string[] }) =>
      `Cannot export ${d.name === null ? 'a model without an output' : `the output "${d.name}"`}. Expected outputs among: ` +
      `${d.known.join(', ')}. Name one of these.`,
  },
  MNAS_EXPORT_OPTION: {
    exit: 'usage',
    summary: 'An option was given that the exporter does not know, or with a value that it cannot have.',
    message: (d: { format: string; option: string; expected: string; received: string }) =>
      `The exporter ${d.format} cannot take the option "${d.option}". Expected ${d.expected}, received ${d.received}. ` +
      'Correct it or leave it out.',
  },
  MNAS_EXPORT_CALIBRATION: {
    exit: 'usage',
    summary: 'A file was asked for in a precision whose ranges are found on images, and there are none.',
    message: (d: { format: string; precision: string }) =>
      `A ${d.format} file in ${d.precision} needs images, on which the ranges of its values are found. ` +
      'Expected some that look like those the model will see, received none. ' +
      'Give --data DIR, best what the model was trained on.',
  },
  MNAS_EXPORT_POSTPROCESSING: {
    exit: 'usage',
    summary: 'A file was to end in an operator that its format does not have.',
    message: (d: { format: string; known: readonly string[]; received: string }) =>
      `A ${d.format} file cannot end in the operator ${d.received}. ` +
      `Expected ${d.known.join(' or ') || 'none: it holds the outputs of the graph as they are'}. ` +
      'Leave the operator out, or choose another format.',
  },
  MNAS_EXPORT_PRECISION: {
    exit: 'usage',
    summary: 'A file was asked for in a precision that the exporter does not write.',
    message: (d: { format: string; known: readonly string[]; received: string }) =>
      `The exporter ${d.format} does not write this precision. Expected ${d.known.join(' or ')}, received ${d.received}. ` +
      'Choose one of these, or another format.',
  },
})
