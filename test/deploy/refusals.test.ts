import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeRandomBundle } from '../device/random-bundle.js'
import { workspaceRegistry } from '../device/workspace-registry.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let bundle: string
let pictures: string
beforeAll(async () => {
  folder = await temporaryFolder('refusals')
  bundle = join(folder.path, 'tiny-random')
  pictures = await smallPictures(join(folder.path, 'pictures'))
  await writeRandomBundle(bundle, workspaceRegistry())
})
afterAll(() => folder.remove())

const deploy = async (args: readonly string[], cwd = folder.path) => {
  const env = { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'none' }
  const { exitCode, json } = await mnas(['deploy', ...args, '--device', 'replay', '--json'], { cwd, env })
  return { exitCode, error: json()['error'] }
}
const untrained = ['mnasnet-small', '--size', '32', '--random-weights']

describe('mnas deploy refuses before it writes anything', () => {
  it.each([
    ['a least agreement without photos', ['--min-agreement', '.9'], 'MNAS_DEPLOY_LIMIT', '--min-agreement. Expected'],
    ['a largest drop without photos', ['--max-drop', '.02'], 'MNAS_DEPLOY_LIMIT', 'received no photos. Give --data DIR'],
    ['int8 without photos, behind others', ['--quantize', 'none,int8'], 'MNAS_EXPORT_CALIBRATION', 'in int8 needs images'],
  ])('%s', async (_, wish, code, says) => {
    const error = { code, message: expect.stringContaining(says) }
    expect(await deploy([bundle, ...wish])).toMatchObject({ exitCode: 2, error })
    expect(await readdir(join(bundle, 'exports'))).toEqual([])
  })

  it('a limit for random weights', async () => {
    const error = { code: 'MNAS_DEPLOY_LIMIT', message: expect.stringContaining('received random weights') }
    const wish = ['--data', pictures, '--min-agreement', '.9']
    expect(await deploy([...untrained, ...wish])).toMatchObject({ exitCode: 2, error })
    expect(await readdir(folder.path)).not.toContain('exports')
  })

  it('files among the images, where nobody named a place for them', async () => {
    const before = await readdir(pictures)
    const refused = await deploy([...untrained, '--data', '.'], pictures)
    expect(refused).toMatchObject({ exitCode: 3, error: { code: 'MNAS_EXPORT_FOLDER' } })
    expect(await readdir(pictures)).toEqual(before)
  })
})
