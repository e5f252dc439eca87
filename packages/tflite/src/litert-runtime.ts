import { stat } from 'node:fs/promises'
import type { ModelRuntime } from '@mnas/core/contracts'
import { toErrorRecord } from '@mnas/core/errors'
import { processRuntime, type RuntimeOptions } from './runtime/process-runtime.js'
import { describeLibrary, findLibrary } from './setup/find-library.js'
import { liteRtLibraries } from './setup/litert-libraries.js'
import { liteRtSetup } from './setup/litert-setup.js'
import { probeLibrary } from './setup/probe-library.js'

const name = 'litert'

/** LiteRT's own C library, called without any build step: as fast as the official runtime. Needs `mnas device setup host` once. */
export function liteRtRuntime(options: RuntimeOptions = {}): ModelRuntime {
  const module = new URL('./runtime/litert/litert-process.js', import.meta.url)
  return {
    name,
    format: 'tflite',
    async available({ cacheFolder }) {
      try {
        const path = await findLibrary(cacheFolder)
        await probeOnce(path)
        return await describeLibrary(path)
      } catch (error) {
        return toErrorRecord(error)
      }
    },
    ...processRuntime(
      { name, module, loadOptions: async ({ cacheFolder }) => ({ library: await findLibrary(cacheFolder) }) },
      options,
    ),
    setup: liteRtSetup,
    libraries: liteRtLibraries,
  }
}

export default liteRtRuntime()

/** Libraries this process has seen loading, by path, size and time of change. */
const probed = new Set<string>()

async function probeOnce(path: string): Promise<void> {
  const { size, mtimeMs } = await stat(path)
  const key = `${path} ${size} ${mtimeMs}`
  if (probed.has(key)) return
  await probeLibrary(path)
  probed.add(key)
}
