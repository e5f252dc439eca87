import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { madeUpPublication } from '../../packages/plugin-zoo/test/support/made-up-publication.js'
import { publishIntoFolder } from '../../packages/plugin-zoo/test/support/publish-into-folder.js'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (...path: readonly string[]) => join(folder.path, ...path)
beforeAll(async () => {
  folder = await temporaryFolder('zoo-site')
  await writeFile(at('mnas.config.json'), JSON.stringify({ zoos: { mine: './zoo' } }))
  await publishIntoFolder(at('zoo'), madeUpPublication())
})
afterAll(() => folder.remove())

it('a site is laid of a zoo by its name in the settings', async () => {
  const args = ['zoo', 'site', 'mine', '--out', 'site', '--json']
  const { exitCode, stderr, json } = await mnas(args, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: at('cache') } })
  expect(exitCode, stderr).toBe(0)
  expect(json()).toMatchObject({ version: 1, site: 'site', zoo: expect.stringMatching(/zoo$/), entries: 1 })
})
