import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** The arrows of docs/ARCHITECTURE.md, which is read for the order of core's areas, against the imports of the sources. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: readonly string[] }
const packages = workspaces.map((folder) => basename(folder))
const manifestOf = (name: string) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
const ours = new Map<string, string>(packages.map((name) => [manifestOf(name).name, name]))

interface Import {
  /** Relative to packages/<package>/src. */
  readonly file: string
  readonly specifier: string
  readonly typeOnly: boolean
}

const statement = /^(?:import|export)\s+(?<type>type\s)?(?:[^'";]*?\sfrom\s+)?'(?<static>[^']+)'/gm
/** `typeof import('…')` is a type. */
const dynamic = /(?<type>typeof\s+)?\bimport\(\s*'(?<dynamic>[^']+)'\s*\)/g

function importsOf(packageName: string): readonly Import[] {
  const folder = join(root, 'packages', packageName, 'src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    return [...text.matchAll(statement), ...text.matchAll(dynamic)].map(({ groups }) => ({
      file: file.replaceAll('\\', '/'),
      specifier: (groups?.['static'] ?? groups?.['dynamic'])!,
      typeOnly: groups?.['type'] !== undefined,
    }))
  })
}

/** `@mnas/core/graph` → `@mnas/core`. */
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
const ourPackage = ({ specifier }: Import) => (specifier.startsWith('.') ? undefined : ours.get(packageOf(specifier)))

/** What a browser is sent, in one piece: it is made of others, and nobody imports it. */
const page = 'zoo-page'
/** A library contributes nothing: plug-ins build on it. */
const libraries = packages.filter((name) => name !== 'core' && name !== page && manifestOf(name).mnas === undefined)

describe('packages', () => {
  it('are core, libraries, and plug-ins, which build on them', () => {
    expect(libraries).toEqual(['images', 'remote-device'])
  })

  it('core imports no other package of ours', () => {
    expect(importsOf('core').filter((entry) => ourPackage(entry) !== undefined)).toEqual([])
  })

  it('nobody imports the page, and of plug-ins it takes what is said for it', () => {
    const others = packages.filter((name) => name !== page)
    expect(others.filter((name) => importsOf(name).some((entry) => ourPackage(entry) === page))).toEqual([])
    const taken = importsOf(page).map(({ specifier }) => specifier)
    const mayTake = /^@mnas\/(?:core\/\w+|images(?:\/[\w.]+)?(?:\?url)?|plugin-zoo|tflite\/normalization)$/
    expect(taken.filter((specifier) => specifier.startsWith('@mnas/') && !mayTake.test(specifier))).toEqual([])
  })

  it.each(packages.filter((name) => name !== 'core' && name !== page))(
    '%s imports only core and libraries, a library only core',
    (name) => {
      const allowed = [undefined, 'core', ...(libraries.includes(name) ? [] : libraries)]
      const imports = importsOf(name)
      expect(imports.filter((entry) => !allowed.includes(ourPackage(entry)))).toEqual([])
      const deep = imports.filter(
        (entry) => ourPackage(entry) !== undefined && !/^@mnas\/[a-z-]+(?:\/[a-z]+)?$/.test(entry.specifier),
      )
      expect(deep).toEqual([])
    },
  )

  it.each(packages)('%s names what it imports among its dependencies', (name) => {
    const { dependencies = {}, peerDependencies = {}, optionalDependencies = {}, devDependencies = {} } = manifestOf(name)
    // Of what is bundled into the page nothing is installed with it.
    const bundled = name === page ? devDependencies : {}
    const named = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies, ...bundled })
    const used = importsOf(name).flatMap(({ specifier }) => (/^(?:\.|node:)/.test(specifier) ? [] : [packageOf(specifier)]))
    expect([...new Set(used)].filter((specifier) => !named.includes(specifier))).toEqual([])
  })

  it('are all in the list of rooms', () => {
    const page = architecturePage()
    expect(packages.filter((name) => !page.includes(`\n  ${name}/ `))).toEqual([])
  })
})

describe('files', () => {
  it.each(packages)('of %s import each other in no circle, types included', (name) => {
    expect(circlesOf(name)).toEqual([])
  })
})

/** Groups of files each of which leads to every other one of its group by imports (Tarjan 1972). */
function circlesOf(packageName: string): readonly (readonly string[])[] {
  const edges = new Map<string, string[]>()
  const nameOf = (file: string) => file.replaceAll('\\', '/').replace(/\.(?:tsx?|js)$/, '')
  for (const { file, specifier } of importsOf(packageName)) {
    const targets = edges.get(nameOf(file)) ?? []
    edges.set(nameOf(file), targets)
    if (specifier.startsWith('.')) targets.push(nameOf(join(dirname(file), specifier)))
  }
  const [index, low, stack, circles] = [new Map<string, number>(), new Map<string, number>(), [] as string[], [] as string[][]]
  const visit = (file: string): void => {
    index.set(file, index.size)
    low.set(file, index.get(file)!)
    stack.push(file)
    for (const target of edges.get(file) ?? []) {
      if (!index.has(target)) visit(target)
      if (stack.includes(target)) low.set(file, Math.min(low.get(file)!, low.get(target)!))
    }
    if (low.get(file) !== index.get(file)) return
    const group = stack.splice(stack.indexOf(file))
    if (group.length > 1) circles.push(group.sort())
  }
  for (const file of edges.keys()) if (!index.has(file)) visit(file)
  return circles
}

describe('core', () => {
  /** Published networks are classifiers, and so are the models whose weights are imported; the IR and the suites name examples. */
  const mayName = ['architecture/family/', 'graph/', 'contracts/', 'testing/', 'import/']
  const words = /classif|softmax|confusion|\btop-?[15]\b|balancedAccuracy/i

  it('knows no task: no word of classification outside the rooms that may name one', () => {
    const folder = join(root, 'packages/core/src')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))
    const found = files
      .filter((file) => file.endsWith('.ts') && !mayName.some((room) => file.startsWith(room)))
      .flatMap((file) =>
        readFileSync(join(folder, file), 'utf8')
          .split('\n')
          .flatMap((line, at) => (words.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
      )
    expect(found).toEqual([])
  })
})

describe('areas of core', () => {
  const levels = documentedLevels()
  const levelOf = (area: string) => levels.findIndex((level) => level.includes(area))
  const crossing = importsOf('core').flatMap((entry) => {
    if (!entry.specifier.startsWith('.')) return []
    const [from, to] = [areaOf(entry.file), areaOf(join(dirname(entry.file), entry.specifier))]
    return from === to ? [] : [{ ...entry, from, to }]
  })

  it('are all documented, once', () => {
    const areas = readdirSync(join(root, 'packages/core/src'))
    expect(levels.flat().sort()).toEqual(areas.sort())
    const page = architecturePage()
    expect(areas.filter((area) => !new RegExp(`^\\| \`${area}\` +\\|`, 'm').test(page))).toEqual([])
  })

  it('import code only from areas above them in the list', () => {
    expect(crossing.length).toBeGreaterThan(100)
    const wrong = crossing.filter(({ from, to, typeOnly }) => !typeOnly && levelOf(to) >= levelOf(from))
    expect(wrong).toEqual([])
  })

  it('import types only from areas above them too, contracts apart', () => {
    const wrong = crossing.filter(({ from, to }) => levelOf(to) >= levelOf(from))
    expect([...new Set(wrong.map(({ from, to }) => `${from} → ${to}`))]).toEqual(['contracts → architecture'])
  })

  it('contracts hold no code but the list of kinds', () => {
    expect(
      importsOf('core').filter(
        ({ file, typeOnly, specifier }) => file.startsWith('contracts/') && !typeOnly && specifier !== './contribution.js',
      ),
    ).toEqual([])
  })
})

const areaOf = (file: string) => relative('.', file).replaceAll('\\', '/').split('/')[0]!

function architecturePage(): string {
  return readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8')
}

/** The block behind `<!-- core areas -->`: one level a line, lowest first. */
function documentedLevels(): readonly (readonly string[])[] {
  const block = /<!-- core areas -->\n```\n([^`]+)```/.exec(architecturePage())?.[1]
  if (!block) throw new Error('docs/ARCHITECTURE.md has no block behind <!-- core areas -->')
  return block
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
}
