import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** The files of docs/strategies.md as a reader would save them, in a folder outside the workspace that is linked as a plug-in. */
const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let plugin: string
const cli = (...words: readonly string[]): Promise<Ended> => {
  // Nothing is linked into the installation of whoever runs the tests.
  const own = ['DATA', 'CONFIG', 'CACHE'].map((kind) => [`XDG_${kind}_HOME`, join(folder.path, kind.toLowerCase())])
  const env = { ...Object.fromEntries(own), MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'none' }
  return mnas(words, { cwd: folder.path, env })
}
const search = (...words: readonly string[]) => {
  const cheap = ['--size', '32', '--width', '0.35', '--target-latency', '6ms', '--proxy-epochs', '1', '--threads', '1']
  return cli('search', '--data', 'pictures', '--device', 'replay', ...cheap, '--strategy', 'mine', '--trials', '1', ...words)
}

beforeAll(async () => {
  folder = await temporaryFolder('strategy')
  plugin = join(folder.path, 'plugin')
  await mkdir(plugin)
  const text = await readFile(join(root, 'docs', 'strategies.md'), 'utf8')
  for (const [, file, content] of text.matchAll(/<!-- file: (\S+) -->\n```\w+\n(.*?)```/gs))
    await writeFile(join(plugin, file!), content!)
  await smallPictures(join(folder.path, 'pictures'))
})
afterAll(() => folder.remove())

describe('the strategy of docs/strategies.md', () => {
  it('passes the suite of strategies', async () => {
    await symlink(join(root, 'node_modules'), join(plugin, 'node_modules'), 'dir')
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|TEST$)/.test(name)))
    const { stdout } = await promisify(execFile)(process.execPath, ['--test'], { cwd: plugin, env })
    expect(stdout).toMatch(/fail 0\n/)
    expect(Number(/pass (\d+)\n/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(9)
  })

  it('is not known before it is linked, and searches then', async () => {
    const unknown = await search('--dry-run')
    expect(unknown).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('MNAS_NAME_UNKNOWN') })
    const linked = await cli('plugins', 'link', plugin, '--no-install')
    expect(linked.exitCode, linked.stderr).toBe(0)
    expect((await search('--dry-run', '--json')).json()).toMatchObject({ dryRun: true, trials: 1 })
    const found = await search('--out', 'run', '--json')
    expect(found.json(), found.stderr).toMatchObject({ reason: 'trials', counts: { completed: 1 } })
  })

  it('comes with a rung policy, by which a network goes on from rung to rung', async () => {
    const found = await search('--rungs', '1@24', '--rung-policy', 'mine', '--retrain-top', '0', '--out', 'rungs', '--json')
    expect(found.json(), found.stderr).toMatchObject({ reason: 'trials', counts: { completed: 1 } })
    const shown = await cli('search', 'show', 'rungs', '--json')
    expect(shown.json()).toMatchObject({ trials: expect.arrayContaining([expect.objectContaining({ rung: 2 })]) })
  })
})
