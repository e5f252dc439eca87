import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/**
 * The blocks of docs/devices.md behind `<!-- run -->`, as a reader would type them. The others need a board (test/device/ssh.test.ts types them) or
 * a registry (scripts/try-install.mjs).
 */
const page = readFileSync(fileURLToPath(new URL('../../docs/devices.md', import.meta.url)), 'utf8')
const commands = [...page.matchAll(/<!-- run -->\n```sh\n([^`]+)```/g)].flatMap(([, block]) => block!.trim().split('\n'))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('devices')
})
afterAll(() => folder.remove())

describe('docs/devices.md', () => {
  it('has commands to run', () => {
    expect(commands.length).toBeGreaterThanOrEqual(3)
  })

  it.each(commands)('%s', async (command) => {
    const { exitCode, stderr } = await mnas(command.split(' ').slice(1), { cwd: folder.path })
    expect(exitCode, stderr).toBe(0)
  })

  it('says of every file that is created what it is', async () => {
    const { files } = (await mnas(['device', 'create', 'other', '--json'], { cwd: folder.path })).json<{ files: string[] }>()
    const named = [...page.matchAll(/^\| `mnas-device-rover\/([\w./]+)` /gm)].map(([, file]) => file)
    expect(named).toEqual(files)
  })
})
