import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishIntoFolder } from '../../packages/plugin-zoo/test/support/publish-into-folder.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { tinyPublication } from './support/publish-tiny.js'

interface Answer {
  readonly outcome: string
  readonly error?: { readonly code: string; readonly message: string }
}

/** As a disk that is full in the middle of a file: no file grows beyond so many KiB. */
const fileLimitKiB = 20
const onSmallDisk = ['bash', '-c', `ulimit -f ${fileLimitKiB}; exec "$@"`, 'bash']

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (...path: readonly string[]) => join(folder.path, ...path)
const cli = async (args: readonly string[], through: readonly string[] = []) => {
  const env = { MNAS_CACHE_FOLDER: at('cache'), MNAS_PROGRESS: 'none' }
  return (await mnas([...args, '--json'], { cwd: folder.path, env, through })).json<Answer>()
}
beforeAll(async () => {
  folder = await temporaryFolder('full-disk')
  await publishIntoFolder(at('zoo'), await tinyPublication())
  await mkdir(at('models'))
  await writeTinyNetwork(at('tiny.json'))
  await smallPictures(at('pictures'))
  const short = ['--epochs', '1', '--batch', '8', '--threads', '1', '--workers', '0']
  await cli(['train', 'tiny.json', '--data', 'pictures', '--out', 'trained', ...short])
}, 120_000)
afterAll(() => folder.remove())

describe.skipIf(process.platform === 'win32')('a disk that is full', () => {
  it('ends a pull with the file that could not be written and without a bundle; the next one goes on', async () => {
    const pull = ['zoo', 'pull', 'me/tiny', '--zoo', at('zoo'), '--out', 'models/tiny']
    const { error } = await cli(pull, onSmallDisk)
    expect(error?.code).toBe('MNAS_FILE_WRITE')
    expect(error?.message).toContain(at('cache'))
    expect(await readdir(at('models'))).toEqual([])
    expect((await cli(pull)).outcome).toBe('pulled')
    expect((await stat(at('models', 'tiny', 'weights.safetensors'))).size).toBeGreaterThan(fileLimitKiB * 1024)
  })

  it('ends publishing so that the zoo is as it was', async () => {
    const list = ['zoo', 'list', '--zoo', at('other')]
    const publish = ['zoo', 'publish', 'trained', '--to', at('other'), '--name', 'me/other', '--licence', 'MIT']
    await publishIntoFolder(at('other'), await tinyPublication('me/first', '1.0.0', 2))
    const before = await cli(list)
    expect((await cli(publish, onSmallDisk)).error?.code).toBe('MNAS_FILE_WRITE')
    expect(await cli(list)).toEqual(before)
    expect((await cli(publish)).error).toBeUndefined()
  })
})

describe('a cache folder that is none', () => {
  it('is named', async () => {
    await writeFile(at('file'), '')
    const env = { MNAS_CACHE_FOLDER: at('file', 'cache') }
    const pull = ['zoo', 'pull', 'me/tiny', '--zoo', at('zoo'), '--out', 'models/again', '--json']
    const { error } = (await mnas(pull, { cwd: folder.path, env })).json<Answer>()
    expect(error).toMatchObject({ code: 'MNAS_FILE_WRITE', message: expect.stringContaining(at('file')) })
  })
})
