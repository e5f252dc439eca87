/**
 * Compiles assembly/ to dist/kernel.wasm, when a source is newer. `npm run build` calls it; who changes only TypeScript need not.
 */
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const output = `${folder}dist/kernel.wasm`
const sources = [import.meta.filename, ...readdirSync(`${folder}assembly`).map((name) => `${folder}assembly/${name}`)]
const writtenMs = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

if (Math.max(...sources.map(writtenMs)) >= writtenMs(output)) {
  mkdirSync(`${folder}dist`, { recursive: true })
  const asc = await import('assemblyscript/asc')
  const options = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--pedantic']
  const { error, stderr } = await asc.main([
    'assembly/kernel.ts',
    '--outFile',
    'dist/kernel.wasm',
    '--baseDir',
    folder,
    ...options,
  ])
  if (error) throw new Error(`assembly/ does not compile: ${stderr}`, { cause: error })
  process.stderr.write(stderr.toString())
}
