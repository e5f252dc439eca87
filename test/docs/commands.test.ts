import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { recipeSchema } from '@mnas/core/training'
import { describe, expect, it } from 'vitest'

/** What the pages say about commands and files, against the commands and files that there are. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: readonly string[] }
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface CommandClass {
  readonly flags?: Readonly<Record<string, unknown>>
  readonly baseFlags?: Readonly<Record<string, unknown>>
}

/** `arch show` → its class. */
const commands = new Map(
  await Promise.all(
    workspaces
      .flatMap((workspace) => commandFiles(join(workspace, 'dist/commands')))
      .map(async ({ name, path }) => {
        const { default: command } = (await import(pathToFileURL(join(root, path)).href)) as { default: CommandClass }
        return [name, command] as const
      }),
  ),
)

function commandFiles(folder: string): readonly { readonly name: string; readonly path: string }[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.replaceAll('\\', '/'))
    .map((file) => ({ name: file.replace(/(?:\/index)?\.js$/, '').replaceAll('/', ' '), path: join(folder, file) }))
}

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'bench/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`),
  ...workspaces.map((workspace) => `${workspace}/README.md`),
]

/** Words of every `mnas …` in a page's shell blocks: a line that begins with it, without its comment. */
function shellCommands(page: string): readonly (readonly string[])[] {
  const blocks = [...read(page).matchAll(/```sh\n([^`]+)```/g)].map(([, block]) => block!)
  return blocks
    .flatMap((block) => block.split('\n'))
    .flatMap((line) => (/^(?:MNAS_\w+=\S+ )*mnas (?<words>[^#|>]*)/.exec(line)?.groups?.['words'] ? [line] : []))
    .map((line) =>
      line
        .replace(/^(?:MNAS_\w+=\S+ )*mnas /, '')
        .replace(/\s+[#|>].*/, '')
        .trim()
        .split(/\s+/),
    )
}

/** The longest run of words that names a command. */
const commandOf = (words: readonly string[]) => [2, 1].map((n) => words.slice(0, n).join(' ')).find((name) => commands.has(name))

describe('docs/json.md', () => {
  it('describes the answer of every command, and of no other', () => {
    const headings = [...read('docs/json.md').matchAll(/^## mnas (.+)$/gm)].map(([, name]) => name!)
    expect(headings.toSorted()).toEqual([...commands.keys()].sort())
  })
})

describe('docs/recipes.md', () => {
  it('lists the fields of a recipe', () => {
    const table = read('docs/recipes.md').split('\n## Fields\n')[1]!.split('\n`learningRate`:')[0]!
    const listed = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!)
    expect(listed.toSorted()).toEqual(Object.keys(recipeSchema.shape).sort())
  })
})

describe.each(pages)('%s', (page) => {
  it('is there and begins with a title', () => {
    expect(read(page)).toMatch(/^# \S/)
  })

  it('links only to files that there are', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!)
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([])
  })

  it('names only source files that there are', () => {
    const named = [...read(page).matchAll(/`((?:packages|src|test|bench|bin|scripts)\/[\w./-]+)`/g)].map(([, path]) => path!)
    const places = [root, join(root, dirname(page))]
    expect(named.filter((path) => !places.some((place) => existsSync(join(place, path))))).toEqual([])
  })

  it('shows only commands and flags that there are', () => {
    const wrong = shellCommands(page).flatMap((words) => {
      const name = commandOf(words)
      if (name === undefined) return words[0] === 'plugins' ? [] : [`mnas ${words.join(' ')}`]
      const { flags = {}, baseFlags = {} } = commands.get(name)!
      const known = ['json', 'help', ...Object.keys(flags), ...Object.keys(baseFlags)]
      const used = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=')[0]!)
      return used.filter((flag) => !known.includes(flag)).map((flag) => `mnas ${name} --${flag}`)
    })
    expect(wrong).toEqual([])
  })
})
