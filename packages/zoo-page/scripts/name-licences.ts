import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly license?: string
}

/**
 * Writes `licences.md`: whose code the page holds, under which terms. Vite's own list leaves out what workers hold.
 * @returns a plug-in for the page and one for its workers, which are bundled before it
 */
export function nameLicences(): { readonly ofPage: Plugin; readonly ofWorkers: Plugin } {
  const packages = new Map<string, Manifest>()
  const note = (ids: readonly string[]) => {
    for (const id of ids) {
      const folder = packageOf(id)
      if (folder !== null) packages.set(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest)
    }
  }
  const collect: NonNullable<Plugin['generateBundle']> = (_, bundle) => {
    for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') note(chunk.moduleIds)
  }
  return {
    ofWorkers: { name: 'mnas:note-licences', generateBundle: collect },
    ofPage: {
      name: 'mnas:name-licences',
      generateBundle(options, bundle, isWrite) {
        collect.call(this, options, bundle, isWrite)
        this.emitFile({ type: 'asset', fileName: 'licences.md', source: pageOf(packages) })
      },
    },
  }
}

/** The folder of the package that a module belongs to; null for our own. */
function packageOf(id: string): string | null {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '')
  if (!path.includes('/node_modules/')) return null
  for (let folder = dirname(path); !folder.endsWith('/node_modules'); folder = dirname(folder))
    if (isNamed(join(folder, 'package.json'))) return folder
  return null
}

/** Some packages hold manifests inside that only say which modules lie there. */
const isNamed = (path: string) => existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as Manifest).version !== undefined

function pageOf(packages: ReadonlyMap<string, Manifest>): string {
  const parts = [...packages]
    .sort(([, a], [, b]) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
    .map(([folder, { name, version, license }]) => {
      const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(entry))
      const text = file ? `\n\n${readFileSync(join(folder, file), 'utf8').trim()}` : ''
      return `## ${name} ${version} (${license})${text}\n`
    })
  return `# Licences of what this page holds\n\n${parts.join('\n')}`
}
