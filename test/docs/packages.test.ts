import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** What npm publishes of each package; scripts/try-install.mjs installs it. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
const { version, workspaces, dependencies, oclif, engines } = manifestOf('.')

/** Built by Vite into one page: nobody imports it, and no file of it has a file of its own in dist. */
const isPage = (folder: string) => existsSync(join(root, folder, 'index.html'))

describe.each(workspaces as readonly string[])('%s', (folder) => {
  const manifest = manifestOf(folder)

  it('is published like the others, with its commands listed', () => {
    expect(manifest).toMatchObject({
      version,
      engines,
      license: 'Apache-2.0',
      description: expect.stringMatching(/\S/),
      publishConfig: { access: 'public' },
      // For its own tests: they look inside.
      ...(!isPage(folder) && { imports: { '#internal/*': './dist/*' } }),
      scripts: { prepack: 'node ../../scripts/prepack.mjs', postpack: 'node ../../scripts/prepack.mjs --undo' },
    })
    const listed = manifest.oclif?.commands ? ['oclif.manifest.json'] : []
    // Programs for devices, in the language of the devices; packages to begin with.
    const besides = { driver: 'driver/*.py', templates: 'templates' }
    const beside = Object.entries(besides).flatMap(([name, files]) => (existsSync(join(root, folder, name)) ? [files] : []))
    const unpublished = isPage(folder) ? [] : ['!dist/.tsbuildinfo', '!dist/**/*.map']
    expect(manifest.files).toEqual(['dist', ...unpublished, ...listed, ...beside])
    expect(existsSync(join(root, folder, 'README.md'))).toBe(true)
  })

  it('is loaded by mnas when it is a plug-in', () => {
    const isPlugin = manifest.oclif !== undefined
    expect(oclif.plugins.includes(manifest.name)).toBe(isPlugin)
    if (isPlugin) expect(dependencies[manifest.name]).toBe(version)
  })
})
