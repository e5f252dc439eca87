import { defineErrors } from '@mnas/core/errors'

/** Every error that @mnas/engine-onnx raises. */
export const engineOnnxErrors = defineErrors({
  MNAS_ENGINE_ACCELERATOR: {
    exit: 'invalid',
    summary: 'The training engine cannot use the accelerator that was asked for.',
    message: (d: { wish: string; available: readonly string[] }) =>
      `The engine "onnx" cannot train on accelerator "${d.wish}". Expected ${d.available.join(' or ')} or auto, received "${d.wish}". This onnxruntime-node trains on the CPU only; set the accelerator to "auto".`,
  },
  MNAS_ENGINE_NO_GRADIENT: {
    exit: 'training',
    summary: 'An objective cannot be differentiated: an op without a gradient stands between the parameters and the loss.',
    message: (d: { node: string; op: string }) =>
      `The loss cannot be differentiated: node "${d.node}" (${d.op}) has no gradient. Expected a path of differentiable ops from at least one trainable parameter to "loss". Replace the op, or put a stopGradient before it.`,
  },
  MNAS_ENGINE_UNAVAILABLE: {
    exit: 'training',
    summary: 'onnxruntime-node, which runs the training step, cannot be loaded.',
    message: (d: { reason: string }) =>
      `onnxruntime-node cannot be loaded: ${d.reason}. Expected its native library for this platform. Run "npm install onnxruntime-node", or choose another --engine.`,
  },
  MNAS_ENGINE_WEIGHTS: {
    exit: 'invalid',
    summary: 'Weights or a training state do not fit the network.',
    message: (d: { name: string; expected: string; received: string }) =>
      `The weights do not fit the network: "${d.name}". Expected ${d.expected}, received ${d.received}. Use the weights of the same architecture.`,
  },
  MNAS_ENGINE_INPUT: {
    exit: 'invalid',
    summary: 'A batch handed to the training engine lacks an input or has another shape than the compiled one.',
    message: (d: { name: string; expected: string; received: string }) =>
      `The input "${d.name}" does not fit the compiled graph. Expected ${d.expected}, received ${d.received}. Hand over full batches of the compiled size.`,
  },
})
