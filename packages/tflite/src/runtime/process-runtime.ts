import type { JsonObject, ModelRuntime, RunnableFile, StartedRuntime, Surroundings } from '@mnas/core/contracts'
import { tfliteErrors } from '../errors.js'
import { defaultLimits, type RuntimeLimits } from './limits.js'
import { type ModelProcess, startModelProcess } from './model-process.js'
import type { LoadRequest } from './protocol.js'
import { startedRuntime } from './started-runtime.js'

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

/** `describe`, `structure`, `run`, `start` and `timeMs` of a runtime whose models live in processes of their own. */
export function processRuntime(
  parts: ProcessRuntimeParts,
  options: RuntimeOptions,
): Pick<ModelRuntime, 'describe' | 'structure' | 'run' | 'start' | 'timeMs'> {
  const { name: runtime, module } = parts
  const limits = { ...defaultLimits, ...options.limits }
  const { onStart } = options

  const startProcess = ({ signal }: Surroundings): ModelProcess =>
    startModelProcess({ runtime, module, limits, signal, ...(onStart && { onStart }) })

  const start = (around: Surroundings): StartedRuntime =>
    startedRuntime({
      limits,
      start: () => startProcess(around),
      async loadRequest(file) {
        checkFile(runtime, file)
        return { kind: 'load', file: file.path, threads: 1, ...(await parts.loadOptions(around)) }
      },
    })

  /** In a process of its own: a file of anybody's may be damaged. */
  const read = async (file: RunnableFile, around: Surroundings) => {
    checkFile(runtime, file)
    const model = startProcess(around)
    try {
      return await model.request({ kind: 'describe', file: file.path }, limits.loadMs)
    } finally {
      await model.close()
    }
  }

  return {
    start,
    async *run(file, inputs, around) {
      const started = start(around)
      try {
        yield* started.run(file, inputs)
      } finally {
        await started.close()
      }
    },
    async describe(file, around) {
      const { inputs, outputs } = await read(file, around)
      return { inputs, outputs }
    },
    async structure(file, around) {
      const { inputs, outputs, operators } = await read(file, around)
      return { inputs, outputs, operators }
    },
    async timeMs(file, { threads, runs, flags, inputs = [] }, around) {
      checkFile(runtime, file)
      checkTiming(parts, threads, flags)
      const library = await parts.loadOptions(around)
      const model = startProcess(around)
      try {
        await model.request({ kind: 'load', file: file.path, threads, ...library }, limits.loadMs)
        return (await model.request({ kind: 'time', runs, inputs }, limits.timeMs)).timesMs
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
