import type { ModelRuntime, StartedRuntime, Surroundings } from '../../contracts/index.js'

/** A runtime for many files, whether or not it has anything to start. The caller closes it. */
export function startRuntime(runtime: ModelRuntime, around: Surroundings): StartedRuntime {
  if (runtime.start) return runtime.start(around)
  return { run: (file, inputs) => runtime.run(file, inputs, around), close: async () => undefined }
}
