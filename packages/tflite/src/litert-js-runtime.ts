import type { ModelRuntime } from '@mnas/core/contracts'
import { hashFile } from '@mnas/core/files'
import { tfliteErrors } from './errors.js'
import { liteRtJsFiles } from './runtime/litert-js/litert-js-files.js'
import { processRuntime, type RuntimeOptions } from './runtime/process-runtime.js'

const name = 'litert-js'

/** LiteRT.js, WebAssembly on one thread: needs nothing but npm, and is 3–4 times slower than the C library. */
export function liteRtJsRuntime(options: RuntimeOptions = {}): ModelRuntime {
  const module = new URL('./runtime/litert-js/litert-js-process.js', import.meta.url)
  return {
    name,
    format: 'tflite',
    async available() {
      try {
        const { version, wasm } = liteRtJsFiles()
        return { name, version, sha256: await hashFile(wasm) }
      } catch (error) {
        const cause = error instanceof Error ? error.message.split('\n')[0]! : String(error)
        return tfliteErrors.MNAS_RUNTIME_UNAVAILABLE({ runtime: name, cause }, error).toRecord()
      }
    },
    ...processRuntime({ name, module, threads: 1, loadOptions: async () => ({}) }, options),
  }
}

export default liteRtJsRuntime()
