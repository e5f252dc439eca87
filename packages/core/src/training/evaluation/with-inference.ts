import type { InferenceRequest, InferenceSession, Tensors, TrainingEngine } from '../../contracts/index.js'

/** A compiled model with its weights, for as long as it is used. */
export async function withInference<T>(
  engine: TrainingEngine,
  request: InferenceRequest,
  weights: Tensors,
  use: (session: InferenceSession) => Promise<T>,
): Promise<T> {
  const session = await engine.compileInference(request)
  try {
    await session.load(weights)
    return await use(session)
  } finally {
    await session.close()
  }
}
