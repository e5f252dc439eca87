import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

/** A module that holds one function with `i32x4.relaxed_laneselect`: valid only where relaxed SIMD is. From wasm-feature-detect. */
const relaxedSimdModule = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0],
  ...[65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11],
)

/** Node has it; the types of a browser, which declare it, are not loaded. */
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: { validate(bytes: Uint8Array): boolean } }

export interface LiteRtJsFiles {
  readonly version: string
  /** The Emscripten glue, CommonJS whatever its package says. */
  readonly script: string
  readonly wasm: string
}

/** The build of LiteRT.js for this Node: with relaxed SIMD (Node 21 and later, with a flag on 20), else the slower compatible one. */
export function liteRtJsFiles(): LiteRtJsFiles {
  const require = createRequire(import.meta.url)
  // …/@litertjs/core/dist/index.js
  const root = dirname(dirname(require.resolve('@litertjs/core')))
  const { version } = require(join(root, 'package.json')) as { readonly version: string }
  const name = hasRelaxedSimd() ? 'litert_wasm_internal' : 'litert_wasm_compat_internal'
  const file = (extension: string) => join(root, 'wasm', `${name}.${extension}`)
  return { version, script: file('js'), wasm: file('wasm') }
}

/** Switches the flag on where it is needed; it acts on modules compiled from then on. */
function hasRelaxedSimd(): boolean {
  if (WebAssembly.validate(relaxedSimdModule)) return true
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  return WebAssembly.validate(relaxedSimdModule)
}
