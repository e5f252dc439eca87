import type { InferenceRequest, TrainingEngine, TrainingRequest } from '../../contracts/index.js'
import { memoryNeeds } from './memory-needs.js'
import { memoryRoom } from './memory-room.js'
import type { MemoryFacts } from './out-of-memory.js'

/**
 * The same engine, which tells how much room there is when a training is about to be compiled and when its first step is about to be taken: by
 * then data, workers and state are there, and what is missing is the step's own memory.
 */
export function watchMemory(engine: TrainingEngine, accumulate: number, tell: (facts: MemoryFacts) => void): TrainingEngine {
  return {
    // An engine may be a class, whose methods a copy of its own properties would lose.
    name: engine.name,
    ...(engine.accelerators && { accelerators: engine.accelerators }),
    plan: (wish, model, batchSize) => engine.plan(wish, model, batchSize),
    describePlan: async (plan, model) => (await engine.describePlan?.(plan, model)) ?? null,
    memory: (asked) => engine.memory?.(asked) ?? null,
    compileInference: (request: InferenceRequest) => engine.compileInference(request),
    async compile(request: TrainingRequest) {
      const { batchSize } = request
      const needs = await memoryNeeds(engine, request, accumulate)
      tell({ before: 'compiling', room: memoryRoom(), needs, batchSize, accumulate })
      const session = await engine.compile(request)
      let told = false
      return {
        randomInputs: session.randomInputs,
        step(...step: Parameters<typeof session.step>) {
          if (!told) tell({ before: 'the first step', room: memoryRoom(), needs, batchSize, accumulate })
          told = true
          return session.step(...step)
        },
        weights: (which) => session.weights(which),
        load: (weights) => session.load(weights),
        state: () => session.state(),
        restore: (state) => session.restore(state),
        close: () => session.close(),
      }
    },
  }
}
