import type { RunnableFile, StartedRuntime, Tensors } from '@mnas/core/contracts'
import type { RuntimeLimits } from './limits.js'
import type { ModelProcess } from './model-process.js'
import type { LoadRequest } from './protocol.js'

export interface StartedRuntimeParts {
  readonly limits: RuntimeLimits
  readonly start: () => ModelProcess
  /** @throws when the file is of another format, or the runtime is not there */
  readonly loadRequest: (file: RunnableFile) => Promise<LoadRequest>
}

/**
 * Runs files in processes that stay for the next file. A process that a file has failed in is not used again, whatever the failure was: damaged
 * files leave native code in doubtful states.
 */
export function startedRuntime({ limits, start, loadRequest }: StartedRuntimeParts): StartedRuntime {
  const idle: ModelProcess[] = []
  const busy = new Set<ModelProcess>()
  let closed = false

  /** Idle processes may have ended meanwhile. */
  function take(): ModelProcess {
    for (let model = idle.pop(); model; model = idle.pop()) if (model.alive()) return model
    return start()
  }

  async function release(model: ModelProcess): Promise<void> {
    busy.delete(model)
    if (closed || !model.alive()) return model.close()
    // The file has answered: an end while it is freed costs a process, and no answer.
    const freed = await model.request({ kind: 'unload' }, limits.loadMs).catch(() => null)
    if (freed === null || closed) await model.close()
    else idle.push(model)
  }

  return {
    async *run(file: RunnableFile, inputs: AsyncIterable<Tensors>) {
      const load = await loadRequest(file)
      const model = take()
      busy.add(model)
      try {
        await model.request(load, limits.loadMs)
        for await (const element of inputs) {
          const { outputs } = await model.request({ kind: 'infer', inputs: element }, limits.inferMs)
          yield outputs
        }
      } catch (error) {
        await model.close()
        throw error
      } finally {
        await release(model)
      }
    },
    async close() {
      closed = true
      await Promise.all([...busy, ...idle.splice(0)].map((model) => model.close()))
    },
  }
}
