import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** The blocks of docs/zoo.md behind `<!-- run -->`, in order, in one folder, with a bundle trained before. The others need a server. */
const page = await readFile(fileURLToPath(new URL('../../docs/zoo.md', import.meta.url)), 'utf8')
const commands = [...page.matchAll(/<!-- run -->\n```sh\n([^`]+)```/g)].flatMap(([, block]) => block!.trim().split('\n'))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const type = async (command: string) => {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!)
  const { exitCode, stdout, stderr } = await mnas(words.slice(1), {
    cwd: folder.path,
    env: { MNAS_CACHE_FOLDER: join(folder.path, 'cache') },
  })
  expect(exitCode, `${command}\n${stdout}\n${stderr}`).toBe(0)
  return stdout
}
beforeAll(async () => {
  folder = await temporaryFolder('zoo-page')
  await cp(await smallPictures(join(folder.path, 'drawn')), join(folder.path, 'photos'), { recursive: true })
  await type('mnas train mnasnet-small@0.35 --data photos --size 32 --epochs 1 --threads 1 --workers 0 --out models/photos')
  await type('mnas deploy models/photos --device replay')
}, 240_000)
afterAll(() => folder.remove())

describe('docs/zoo.md', () => {
  it('has commands to run', () => {
    expect(commands.length).toBeGreaterThanOrEqual(12)
  })

  it.each(commands)('%s', { timeout: 120_000 }, async (command) => {
    await type(command)
  })
})
