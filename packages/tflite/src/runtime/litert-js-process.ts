/** The process in which `litert-js` runs one model: forked by litert-js-runtime.ts. */
import { readFile } from 'node:fs/promises'
import { loadLiteRtJs } from './litert-js-library.js'
import { loadLiteRtJsModel } from './litert-js-model.js'
import { checkIdentifier } from './model-bytes.js'
import { serveModel } from './serve-model.js'

serveModel({
  runtime: 'litert-js',
  async load({ file }) {
    const bytes = await readFile(file)
    checkIdentifier(bytes)
    return loadLiteRtJsModel(await loadLiteRtJs(), bytes)
  },
})
