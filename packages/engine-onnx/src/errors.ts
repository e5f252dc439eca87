import { defineErrors } from '@mnas/core/errors'

/** Every error that @mnas/engine-onnx raises. */
export const engineOnnxErrors = defineErrors({
  MNAS_ENGINE_MODE: {
    exit: 'invalid',
    summary: 'A recorded execution plan asks for the fast mode, which this machine or batch does not have.',
    message: (d: { block: number | null; batchSize: number }) =>
      (d.block === null
        ? 'The plan asks for the fast mode, which needs the NCHWc kernels of onnxruntime. ' +
          'Expected a processor with AVX2 or better, received one without them. '
        : `The plan asks for the fast mode with batches of ${d.batchSize}. ` +
          `Expected a multiple of ${d.block}, received ${d.batchSize}. `) +
      'Go on with it on the computer where it began, or begin anew with another --out.',
  },
  MNAS_ENGINE_UNAVAILABLE: {
    exit: 'training',
    summary: 'onnxruntime-node, which runs the training step, cannot be loaded.',
    message: (d: { reason: string }) =>
      `onnxruntime-node cannot be loaded: ${d.reason}. Expected its native library for this platform. ` +
      'Run "npm install onnxruntime-node", or choose another --engine.',
  },
})
