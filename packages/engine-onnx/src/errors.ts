import { defineErrors } from '@mnas/core/errors'

/** Every error that @mnas/engine-onnx raises. */
export const engineOnnxErrors = defineErrors({
  MNAS_ENGINE_UNAVAILABLE: {
    exit: 'training',
    summary: 'onnxruntime-node, which runs the training step, cannot be loaded.',
    message: (d: { reason: string }) =>
      `onnxruntime-node cannot be loaded: ${d.reason}. Expected its native library for this platform. Run "npm install onnxruntime-node", or choose another --engine.`,
  },
})
