import type { JsonObject, ModelFile, ModelRuntime, Tensors } from '@mnas/core/contracts'
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
  readonly loadOptions: () => Promise<Pick<LoadRequest, 'library'>>
}

type File = Pick<ModelFile, 'path' | 'format'>

/** `run` and `timeMs` of a runtime whose models live in processes of their own. */
export function processRuntime(parts: ProcessRuntimeParts, options: RuntimeOptions): Pick<ModelRuntime, 'run' | 'timeMs'> {
  const { name: runtime, module } = parts
  const limits = { ...defaultLimits, ...options.limits }
  const { onStart } = options

  const open = async (file: File, threads: number, signal?: AbortSignal): Promise<ModelProcess> => {
    checkFile(runtime, file)
    const library = await parts.loadOptions()
    const model = startModelProcess({
      runtime,
      file: file.path,
      module,
      limits,
      ...(signal && { signal }),
      ...(onStart && { onStart }),
    })
    try {
      await model.request({ kind: 'load', file: file.path, threads, ...library }, limits.loadMs)
      return model
    } catch (error) {
      await model.close()
      throw error
    }
  }

  async function* run(file: File, inputs: AsyncIterable<Tensors>): AsyncGenerator<Tensors> {
    const model = await open(file, 1)
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
    async timeMs(file, { threads, runs, flags, signal }) {
      checkTiming(parts, threads, flags)
      const model = await open(file, threads, signal)
      try {
        return (await model.request({ kind: 'time', runs }, limits.timeMs)).timesMs
      } finally {
        await model.close()
      }
    },
  }
}

function checkFile(runtime: string, { path, format }: File): void {
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
