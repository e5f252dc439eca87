/** The process in which `litert` runs models, one at a time: forked by model-process.ts. */
import { tfliteErrors } from '../../errors.js'
import { serveModel } from '../serve-model.js'
import { createLiteRtEnvironment, type LiteRtEnvironment } from './litert-environment.js'
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

/** A process is always told the same library. */
let environment: LiteRtEnvironment | null = null

serveModel({
  runtime: 'litert',
  async probe(library) {
    openLibrary(library)
  },
  async load(model, { threads, library }) {
    environment ??= createLiteRtEnvironment(openLibrary(library ?? ''))
    return loadLiteRtModel(environment, model, threads)
  },
})
