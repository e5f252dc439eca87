import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { madeUpPublication } from '../../packages/plugin-zoo/test/support/made-up-publication.js'
import { publishIntoFolder } from '../../packages/plugin-zoo/test/support/publish-into-folder.js'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (...path: readonly string[]) => join(folder.path, ...path)
const run = (...args: readonly string[]) => mnas(['zoo', ...args], { cwd: folder.path, env: { MNAS_CACHE_FOLDER: at('cache') } })

beforeAll(async () => {
  folder = await temporaryFolder('zoo-search')
  await writeFile(at('mnas.config.json'), JSON.stringify({ zoos: { mine: './zoo' } }))
  for (const [index, top1] of [0.7, 0.8, 0.9].entries()) {
    const accuracy = { basis: 'measured', dataset: 'photos', images: 500, precision: null, metrics: { top1 } } as const
    const on = { device: 'Pixel 8', soc: null, emulated: false, accelerator: 'cpu', threads: 1, precision: null } as const
    const latency = { basis: 'measured', ...on, ms: 4 * (index + 1) } as const
    const summary = { accuracy: [accuracy], latency: [latency] }
    await publishIntoFolder(at('zoo'), madeUpPublication({ name: `me/m${index}`, summary }))
  }
})
afterAll(() => folder.remove())

describe('mnas zoo search', () => {
  it('finds what was asked for, in the zoos of the settings', async () => {
    const wish = [
      '--task',
      'classification',
      '--device',
      'pixel-8',
      '--max-latency',
      '10ms',
      '--licence',
      'mit',
      '--sort',
      'top1',
    ]
    const found = (await run('search', ...wish, '--zoo', 'mine', '--json')).json<{ rows: { entry: { name: string } }[] }>()
    expect(found).toMatchObject({ version: 1, found: 2 })
    expect(found.rows.map(({ entry }) => entry.name)).toEqual(['me/m1', 'me/m0'])
    const shown = await run('search', 'me/*', '--where', 'top1>=80%', '--sort', 'top1', '--limit', '1')
    expect(shown.stdout).toMatch(/^Measured by mnas:\nNAME .*\nme\/m2@1\.0\.0 .*\nand 1 more/)
  })

  it('lists devices, and says what was measured where nothing fits', async () => {
    expect((await run('search', '--zoo', 'mine', '--like', 'pixel-9', '--json')).json()).toMatchObject({
      devices: [{ device: 'Pixel 8', entries: 3 }],
    })
    expect((await run('search', '--zoo', 'mine', '--device', 'moto*')).stdout).toMatch(
      /^Nothing fits\.\n\nMeasured were:\n.*\nPixel 8/,
    )
  })

  it('names a condition that is none', async () => {
    const ended = await run('search', '--zoo', 'mine', '--where', 'top1>>1', '--json')
    expect(ended).toMatchObject({ exitCode: 2 })
    expect(ended.json()).toMatchObject({ error: { code: 'MNAS_ZOO_WHERE' } })
  })
})

describe('mnas zoo rm, gc and cache', () => {
  it('know zoos by the names of the settings', async () => {
    const withdrawn = await run('rm', 'me/m1@1.0.0', '--from', 'mine', '--reason', 'labels', '--json')
    expect(withdrawn.json()).toMatchObject({ changed: true, zoo: at('zoo') })
    expect((await run('rm', 'me/m1@1.0.0', '--from', 'mine', '--undo', '--json')).json()).toMatchObject({ changed: true })
    expect((await run('gc', 'mine', '--json')).json()).toMatchObject({ zoo: at('zoo'), removed: [] })
    expect(await readdir(folder.path)).not.toContain('mine')
  })

  it('withdraw, remove what nothing names, and count', async () => {
    const args = ['rm', 'me/m2@1.0.0', '--from', at('zoo')]
    expect((await run(...args, '--json')).json()).toMatchObject({ error: { code: 'MNAS_ZOO_REASON' } })
    expect((await run(...args, '--reason', 'labels', '--json')).json()).toMatchObject({ changed: true, dependants: [] })
    const found = await run('search', '--zoo', at('zoo'), '--json')
    expect(found.json()).toMatchObject({ found: 2 })
    const young = (await run('gc', at('zoo'), '--json')).json<{ young: string[] }>()
    expect(young.young.length).toBeGreaterThan(0)
    expect((await run('gc', at('zoo'), '--now', '--json')).json()).toMatchObject({ removed: young.young, young: [] })
    expect((await run('cache', '--check', '--json')).json()).toMatchObject({ damaged: [] })
    expect((await run('cache', '--clear', '--json')).json()).toMatchObject({ blobs: 0 })
  })
})
