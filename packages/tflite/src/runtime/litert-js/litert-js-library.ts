import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { compileFunction } from 'node:vm'
import type { loadLiteRt } from '@litertjs/core'
import { liteRtJsFiles } from './litert-js-files.js'

export type LiteRtJs = Awaited<ReturnType<typeof loadLiteRt>>
export type LiteRtJsModule = typeof import('@litertjs/core')

export interface LoadedLiteRtJs {
  readonly module: LiteRtJsModule
  readonly runtime: LiteRtJs
}

type ModuleFactory = (options: { readonly wasmBinary: Uint8Array; print(): void; printErr(): void }) => Promise<unknown>

/**
 * LiteRT.js outside a browser. Its loader runs a script by `importScripts` and takes `self.ModuleFactory` from it; here the script is compiled
 * as the CommonJS it is (its package calls itself an ES module) and the factory put there by hand. Only for a process of its own: it sets
 * globals.
 */
export async function loadLiteRtJs(): Promise<LoadedLiteRtJs> {
  const { script, wasm } = liteRtJsFiles()
  const factory = await loadCommonJs<ModuleFactory>(script)
  const wasmBinary = await readFile(wasm)
  Object.assign(globalThis, {
    self: globalThis,
    importScripts: () => undefined,
    ModuleFactory: () => factory({ wasmBinary, print: () => undefined, printErr: () => undefined }),
  })
  const module = await import('@litertjs/core')
  return { module, runtime: await module.loadLiteRt(script) }
}

async function loadCommonJs<T>(path: string): Promise<T> {
  const parameters = ['module', 'exports', 'require', '__filename', '__dirname']
  const module: { exports: unknown } = { exports: {} }
  const run = compileFunction(await readFile(path, 'utf8'), parameters, { filename: path })
  run(module, module.exports, createRequire(path), path, dirname(path))
  return module.exports as T
}
