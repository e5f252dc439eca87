/**
 * Checks the types and lets Vite write dist/, when a source is newer: the page's own, or those of our packages that it takes code from.
 * `npm run build` calls it; who changes nothing of the page waits for nothing.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const packages = join(folder, '..')
const written = statSync(join(folder, 'dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0

const own = ['index.html', 'package.json', 'tsconfig.json', 'vite.config.ts', 'src', 'public', 'scripts'].map((name) =>
  join(folder, name),
)
const others = ['core/dist/errors', 'images/dist', 'plugin-zoo/dist/catalogue', 'plugin-zoo/dist/site', 'tflite/dist/metadata']
if ([...own, ...others.map((name) => join(packages, name))].some((path) => newestMs(path) > written)) {
  const typescript = dirname(fileURLToPath(import.meta.resolve('typescript/package.json')))
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', folder], { stdio: 'inherit' })
  const { build } = await import('vite')
  await build({ root: folder, configFile: join(folder, 'vite.config.ts'), logLevel: 'error' })
}

function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}
