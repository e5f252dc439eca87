/** The process in which `litert-js` runs one model: forked by model-process.ts. */
import { tfliteErrors } from '../errors.js'
import { type LoadedLiteRtJs, loadLiteRtJs } from './litert-js-library.js'
import { loadLiteRtJsModel } from './litert-js-model.js'
import { readModelFile } from './read-model-file.js'
import { serveModel } from './serve-model.js'

const runtime = 'litert-js'

async function openLibrary(): Promise<LoadedLiteRtJs> {
  try {
    return await loadLiteRtJs()
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw tfliteErrors.MNAS_RUNTIME_UNAVAILABLE({ runtime, cause }, error)
  }
}

serveModel({
  runtime,
  async load({ file }) {
    const bytes = await readModelFile(file)
    return loadLiteRtJsModel(await openLibrary(), bytes)
  },
})
