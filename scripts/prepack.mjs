/**
 * npm runs it in a package's folder before `npm pack` and `npm publish` (prepack), and with --undo after them (postpack). It lays beside the
 * package what its tarball needs and a checkout must not have: the licence, and oclif's list of the package's commands, by which a command
 * starts without importing the others. It refuses a dist/ that does not belong to src/.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Plugin, settings } from '@oclif/core'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = process.cwd()
const licence = join(folder, 'LICENSE')
const manifest = join(folder, 'oclif.manifest.json')

rmSync(licence, { force: true })
rmSync(manifest, { force: true })
if (!process.argv.includes('--undo')) {
  if (existsSync(join(folder, 'index.html'))) requirePage()
  else requireWholeBuild()
  cpSync(join(root, 'LICENSE'), licence)
  const { oclif } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (oclif?.commands) writeFileSync(manifest, `${JSON.stringify(await commandManifest())}\n`)
}

/** A source without its file was not built; a file without its source is left from one that has gone. */
function requireWholeBuild() {
  const modules = (below, suffix) => {
    if (!existsSync(join(folder, below))) return []
    const names = readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' })
    return names.filter((name) => name.endsWith(suffix) && !name.endsWith('.d.ts')).map((name) => name.slice(0, -suffix.length))
  }
  const [sources, built] = [modules('src', '.ts'), modules('dist', '.js')]
  const missing = sources.filter((name) => !built.includes(name))
  const left = built.filter((name) => !sources.includes(name))
  if (missing.length > 0) throw new Error(`not built: src/${missing[0]}.ts; run "npm run build"`)
  if (left.length > 0) throw new Error(`dist/${left[0]}.js has no source; remove dist/ and run "npm run build"`)
}

/** Vite makes one page of all sources. */
function requirePage() {
  if (!existsSync(join(folder, 'dist/index.html'))) throw new Error('the page is not built; run "npm run build"')
}

async function commandManifest() {
  settings.enableAutoTranspile = false
  const plugin = new Plugin({ root: folder, type: 'core', ignoreManifest: true, errorOnManifestCreate: true })
  await plugin.load()
  return plugin.manifest
}
