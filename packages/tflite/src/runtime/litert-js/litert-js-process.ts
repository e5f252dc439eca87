/** The process in which `litert-js` runs models, one at a time: forked by model-process.ts. */
import { tfliteErrors } from '../../errors.js'
import { serveModel } from '../serve-model.js'
import { type LoadedLiteRtJs, loadLiteRtJs } from './litert-js-library.js'
import { loadLiteRtJsModel } from './litert-js-model.js'

const runtime = 'litert-js'

async function openLibrary(): Promise<LoadedLiteRtJs> {
  try {
    return await loadLiteRtJs()
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw tfliteErrors.MNAS_RUNTIME_UNAVAILABLE({ runtime, cause }, error)
  }
}

let library: LoadedLiteRtJs | null = null

serveModel({
  runtime,
  async load(model, { file }) {
    library ??= await openLibrary()
    return loadLiteRtJsModel(library, model, file)
  },
})
