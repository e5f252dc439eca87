import { defaultLimits } from '../runtime/limits.js'
import { startModelProcess } from '../runtime/model-process.js'

/** Whether the library can be loaded here, tried in a process of its own. @throws MNAS_LITERT_LIBRARY, MNAS_RUNTIME_CRASHED, MNAS_RUNTIME_TIMEOUT */
export async function probeLibrary(path: string): Promise<void> {
  const module = new URL('../runtime/litert/litert-process.js', import.meta.url)
  const model = startModelProcess({ runtime: 'litert', module, limits: defaultLimits })
  try {
    await model.request({ kind: 'probe', library: path }, defaultLimits.loadMs)
  } finally {
    await model.close()
  }
}
