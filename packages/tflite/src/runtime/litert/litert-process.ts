/** The process in which `litert` runs one model: forked by model-process.ts. */
import { tfliteErrors } from '../../errors.js'
import { serveModel } from '../serve-model.js'
import { type LiteRtFunctions, loadLiteRt } from './litert-library.js'
import { loadLiteRtModel } from './litert-model.js'

function openLibrary(path: string): LiteRtFunctions {
  try {
    return loadLiteRt(path)
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw tfliteErrors.MNAS_LITERT_LIBRARY({ path, cause }, error)
  }
}

serveModel({
  runtime: 'litert',
  async probe(library) {
    openLibrary(library)
  },
  load: async (model, { threads, library }) => loadLiteRtModel(openLibrary(library ?? ''), model, threads),
})
