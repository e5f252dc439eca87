import { encodeModel } from '../onnx/encode.js'
import type { OnnxModel } from '../onnx/tensor.js'
import { loadRuntime, type OrtSession } from './load-runtime.js'
import { type SessionPlan, sessionOptions } from './session-options.js'

/** Compiles a model; whatever onnxruntime says is thrown as it is. */
export async function createSession(model: OnnxModel, plan: SessionPlan): Promise<OrtSession> {
  // Products in the precision of the CPU's: cuBLAS and cuDNN would round to TF32. Who prefers their speed sets the variable.
  if (plan.accelerator === 'cuda') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
  const { InferenceSession } = await loadRuntime()
  return InferenceSession.create(encodeModel(model), sessionOptions(model, plan))
}
