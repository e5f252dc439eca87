/** The process in which `litert` runs one model: forked by litert-runtime.ts. */
import { readFile } from 'node:fs/promises'
import { tfliteErrors } from '../errors.js'
import { loadLiteRt } from './litert-library.js'
import { loadLiteRtModel } from './litert-model.js'
import { checkIdentifier } from './model-bytes.js'
import { serveModel } from './serve-model.js'

function open(path: string) {
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
    open(library)
  },
  async load({ file, threads, library }) {
    const bytes = await readFile(file)
    checkIdentifier(bytes)
    return loadLiteRtModel(open(library ?? ''), bytes, threads)
  },
})
