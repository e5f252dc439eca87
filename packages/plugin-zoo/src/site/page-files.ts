import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { siteErrors } from './errors.js'

/** Of LiteRT.js what a page needs without threads: for browsers with relaxed SIMD, and for the others. */
const liteRtFiles = ['litert_wasm_internal', 'litert_wasm_compat_internal'].flatMap((name) => [`${name}.js`, `${name}.wasm`])

/** Where the built page lies, and the runtime that it fetches when somebody asks for a .tflite. */
export interface PageFiles {
  readonly folder: string
  readonly liteRt: readonly { readonly name: string; readonly path: string }[]
}

/** @throws MNAS_ZOO_SITE_PAGE */
export function pageFiles(): PageFiles {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve('@mnas/zoo-page/package.json')
  const folder = join(dirname(manifest), 'dist')
  if (!existsSync(join(folder, 'index.html'))) throw siteErrors.MNAS_ZOO_SITE_PAGE({ folder })
  // …/@litertjs/core/dist/index.js
  const runtime = join(dirname(dirname(createRequire(manifest).resolve('@litertjs/core'))), 'wasm')
  return { folder, liteRt: liteRtFiles.map((name) => ({ name, path: join(runtime, name) })) }
}
