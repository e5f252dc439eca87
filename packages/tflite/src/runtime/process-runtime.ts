import type { JsonObject, ModelRuntime, RunnableFile, Surroundings, Tensors } from '@mnas/core/contracts'
import { tfliteErrors } from '../errors.js'
import { defaultLimits, type RuntimeLimits } from './limits.js'
import { type ModelProcess, startModelProcess } from './model-process.js'
import type { LoadRequest } from './protocol.js'

export interface RuntimeOptions {
  readonly limits?: Partial<RuntimeLimits>
  /** Told the id of each process that is started: for tests of crashes. */
  readonly onStart?: (pid: number) => void
}

export interface ProcessRuntimeParts {
  readonly name: string
  readonly module: URL
  /** undefined = as many as asked for. */
  readonly threads?: number
  /** What else the process needs to load a model. Throws a named error when the runtime is not there. */
  readonly loadOptions: (around: Surroundings) => Promise<Pick<LoadRequest, 'library'>>
}

/** `describe`, `run` and `timeMs` of a runtime whose models live in processes of their own. */
export function processRuntime(
  parts: ProcessRuntimeParts,
  options: RuntimeOptions,
): Pick<ModelRuntime, 'describe' | 'run' | 'timeMs'> {
  const { name: runtime, module } = parts
  const limits = { ...defaultLimits, ...options.limits }
  const { onStart } = options

  const start = (file: RunnableFile, { signal }: Surroundings): ModelProcess => {
    checkFile(runtime, file)
    return startModelProcess({ runtime, file: file.path, module, limits, signal, ...(onStart && { onStart }) })
  }

  const open = async (file: RunnableFile, threads: number, around: Surroundings): Promise<ModelProcess> => {
    const library = await parts.loadOptions(around)
    const model = start(file, around)
    try {
      await model.request({ kind: 'load', file: file.path, threads, ...library }, limits.loadMs)
      return model
    } catch (error) {
      await model.close()
      throw error
    }
  }

  async function* run(file: RunnableFile, inputs: AsyncIterable<Tensors>, around: Surroundings): AsyncGenerator<Tensors> {
    const model = await open(file, 1, around)
    try {
      for await (const element of inputs) {
        const { outputs } = await model.request({ kind: 'infer', inputs: element }, limits.inferMs)
        yield outputs
      }
    } finally {
      await model.close()
    }
  }

  return {
    run,
    async describe(file, around) {
      const model = start(file, around)
      try {
        const { inputs, outputs } = await model.request({ kind: 'describe', file: file.path }, limits.loadMs)
        return { inputs, outputs }
      } finally {
        await model.close()
      }
    },
    async timeMs(file, { threads, runs, flags }, around) {
      checkTiming(parts, threads, flags)
      const model = await open(file, threads, around)
      try {
        return (await model.request({ kind: 'time', runs }, limits.timeMs)).timesMs
      } finally {
        await model.close()
      }
    },
  }
}

function checkFile(runtime: string, { path, format }: RunnableFile): void {
  if (format === 'tflite') return
  throw tfliteErrors.MNAS_RUNTIME_MODEL({ runtime, file: path, cause: `its format is ${format}` })
}

function checkTiming({ name: runtime, threads: only }: ProcessRuntimeParts, threads: number, flags: JsonObject): void {
  if (only !== undefined && threads !== only) {
    throw tfliteErrors.MNAS_RUNTIME_OPTION({ runtime, option: 'number of threads', expected: `${only}`, received: `${threads}` })
  }
  const [flag] = Object.keys(flags)
  if (flag !== undefined) {
    throw tfliteErrors.MNAS_RUNTIME_OPTION({ runtime, option: 'flag', expected: 'none', received: `"${flag}"` })
  }
}
