import { isMnasError } from '@mnas/core/errors'
import { sessionRefusal } from './accelerators/availability.js'
import type { OnnxModel } from './onnx/tensor.js'
import { createSession } from './runtime/create-session.js'
import type { OrtSession } from './runtime/load-runtime.js'
import type { CompilePlan, SessionPlan } from './runtime/session-options.js'

/**
 * Compiles a model for the plan's accelerator.
 * @param options.onDevice outputs that stay on the device
 * @throws MNAS_ENGINE_ACCELERATOR when the device is not there any more, or cannot compute this model
 */
export async function compileModel(
  model: OnnxModel,
  plan: CompilePlan,
  { waiting = 'sleep', onDevice = [] }: Partial<Pick<SessionPlan, 'waiting' | 'onDevice'>> = {},
): Promise<OrtSession> {
  const { accelerator = 'cpu' } = plan
  try {
    return await createSession(model, { ...plan, waiting, onDevice })
  } catch (error) {
    if (accelerator === 'cpu' || isMnasError(error)) throw error
    throw await sessionRefusal(accelerator, error)
  }
}
